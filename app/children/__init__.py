"""The ledger: children, the people around them, the dated facts about both, and what follows from them."""
