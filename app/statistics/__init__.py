"""Counts on a date: pupils, children of the ledger, each split of them, and each 口径 beside them."""
