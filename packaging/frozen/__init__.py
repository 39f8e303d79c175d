"""The frozen program: what is packed, what is left out, what comes with it, how it is tried."""
