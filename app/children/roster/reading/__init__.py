"""What one cell of a roster says: each reader returns a value, or a doubt, never a guess (domain.md §10.1)."""
