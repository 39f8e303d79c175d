"""Reading workbooks of past records into the diary, with the manners of the roster import (domain.md §10.2)."""
