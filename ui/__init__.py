"""The window of 守望: it calls `app` and shows what comes back, nothing else."""
