"""The leaf everything stands on: errors, clock, dates, text, files; standard library first."""
