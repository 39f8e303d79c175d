"""守望: the library that runs the school's ledger of left-behind children without a screen."""


def __getattr__(name: str) -> str:
    """Give ``app.__version__``: it is read when it is asked for, from the one place where it stands."""
    if name == "__version__":
        from app.core.version import program_version

        return program_version()
    raise AttributeError(name)
