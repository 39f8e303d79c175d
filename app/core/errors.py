"""The error tree. Anything raised that is not one of these is a bug of the program."""


class ShouwangError(Exception):
    """A failure that can be said to the user in three parts.

    ``key`` is stable (tests and the window branch on it); ``what`` happened, what is ``safe``,
    what ``todo`` now; ``code`` is a short technical word for whoever helps (``IOERR_READ``);
    ``buttons`` are the verbs the window may offer, the safe one first; ``brief`` the cause in a few words, if given.
    """

    def __init__(
        self,
        key: str,
        what: str,
        safe: str = "",
        todo: str = "",
        *,
        code: str | None = None,
        buttons: tuple[str, ...] = (),
        brief: str = "",
    ) -> None:
        super().__init__(key, what)
        self.key = key
        self.what = what
        self.safe = safe
        self.todo = todo
        self.code = code
        self.buttons = buttons
        self.brief = brief

    def __str__(self) -> str:
        what = f"{self.what}（代码 {self.code}）" if self.code else self.what
        return f"{what}{self.safe}{self.todo}"


class UserError(ShouwangError):
    """The request cannot be done as it was asked. ``field`` names what of it is wrong, "" where that is not one thing."""

    field: str = ""


class EnvironmentFault(ShouwangError):
    """The disk, a file, a lock or a medium does not let the request be done."""


class Cancelled(ShouwangError):
    """The person stopped the work; nothing of it remains."""

    def __init__(self, what: str = "已停止，没有留下做到一半的内容。") -> None:
        super().__init__("cancelled", what)


def is_memory_short(error: BaseException) -> bool:
    """Tell whether an error only means that the computer has no memory left.

    A library that cannot be loaded for want of memory is an ImportError whose text is the loader's own.
    """
    if isinstance(error, MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, ImportError) and ("failed to map" in text or "cannot allocate memory" in text)
