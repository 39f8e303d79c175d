"""How long work tells how far it is, and is told to stop."""

from typing import Protocol


class Progress(Protocol):
    """Called now and then by long work.

    ``done`` of ``total`` steps are finished (``total`` 0: not known), ``words`` say in Chinese
    what goes on. Raises ``Cancelled`` when the person has stopped the work; the work lets that
    pass through and leaves nothing half done.
    """

    def __call__(self, done: int, total: int, words: str = "") -> None:
        """Take note of how far the work is."""


def no_progress(done: int, total: int, words: str = "") -> None:
    """Take note of nothing: for work that nobody watches."""
    del done, total, words
