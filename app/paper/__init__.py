"""Everything printed: the page kit on reportlab, and one file per sheet. Handed data, never fetches it."""
