"""Everything on file about one child, whichever noun it belongs to: its words, history, timeline, bin, merge, purge."""
