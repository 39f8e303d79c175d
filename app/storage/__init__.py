"""The one file: opening it, writing it with a history, copying it so that the copy is proved."""
