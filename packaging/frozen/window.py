"""Where the frozen window program begins."""

import os
import sys

if "pyimod01_archive" in sys.modules:  # PyInstaller's: how it reads the program's modules
    from frozen.gone import tell_instead_of_ending

    tell_instead_of_ending(sys.modules["pyimod01_archive"].ZlibArchiveReader)

if sys.platform.startswith("linux"):
    from frozen.surroundings import settle

    settle(os.environ)

from ui.__main__ import main

sys.exit(main())
