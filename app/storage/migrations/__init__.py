"""The migrations: the only path by which tables, indexes and triggers come to be.

Each step is a module ``mNNNN_name.py`` with ``VERSION: int`` and ``apply(cursor)``. Steps
are frozen once released: plain SQL, no live tables.
"""
