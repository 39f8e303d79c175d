"""The school itself: profile, staff, classes, terms, head counts, and the log of what left the program."""
