"""One out of many, for the pages of pairing."""

from ui.widgets.pick import PickField

__all__ = ["PickField"]
