"""守望: the library that runs the school's ledger of left-behind children without a screen."""

__version__ = "0.1.0"
