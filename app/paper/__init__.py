"""Everything printed: the page kit on reportlab, and one file per sheet. Handed data, never fetches it."""

import sys
from types import ModuleType

# reportlab runs what it finds under these names in the user's home: nothing from there may change a paper. And where the
# home is no folder it could not be imported at all.
for _name in ("reportlab_mods", "reportlab_settings"):
    sys.modules.setdefault(_name, ModuleType(_name))
