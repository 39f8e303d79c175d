"""Rosters: from the raw cells of a workbook to planned facts, and into the ledger in one undoable step."""
