"""Instead of PyInstaller's own: the same, but only the plugins that are used (frozen/parts.py says which and why)."""

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

from frozen.parts import wanted

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = wanted(binaries)
