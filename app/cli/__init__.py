"""The command line, taken apart: what may be typed, what each command does, and how it answers."""
