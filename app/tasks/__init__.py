"""One module per use case, joining nouns, storage and documents: the window and the command line both call these."""
