"""Instead of PyInstaller's own, which brings every format there is."""

from frozen.parts import PICTURE_FORMATS

hiddenimports = [f"PIL.{name}ImagePlugin" for name in PICTURE_FORMATS]
