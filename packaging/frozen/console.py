"""Where the frozen command line begins."""

import os
import sys

if sys.platform.startswith("linux"):
    from frozen.surroundings import own_libraries_for_us_only, speak_as_the_terminal

    own_libraries_for_us_only(os.environ)
    speak_as_the_terminal()

from app.__main__ import main

sys.exit(main())
