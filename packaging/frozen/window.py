"""Where the frozen window program begins."""

import os
import sys

if sys.platform.startswith("linux"):
    from frozen.surroundings import settle

    settle(os.environ)

from ui.__main__ import main

sys.exit(main())
