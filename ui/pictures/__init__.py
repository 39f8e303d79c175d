"""Pictures of the program: of every page and panel, to look at, and of some for the printed guide."""

from ui.pictures.rounds import PictureRound, Shot, SilentDialogs

__all__ = ["PictureRound", "Shot", "SilentDialogs"]
