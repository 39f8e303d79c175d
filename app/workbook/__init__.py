"""Everything in Excel: reading rosters as they come, writing the ledger as the town wants it."""
