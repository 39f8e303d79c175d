"""Who looks after whom: supporters and their checks, pairs, the school's rule of pairing, help plans."""
