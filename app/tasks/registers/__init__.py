"""The registers and sheets of the diary: for any period, class or teacher, in Excel and on paper, and logged."""
