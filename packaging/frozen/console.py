"""Where the frozen command line begins."""

import os
import sys

if sys.platform.startswith("linux"):
    from frozen.surroundings import own_libraries_for_us_only

    own_libraries_for_us_only(os.environ)

from app.__main__ import main

sys.exit(main())
