"""Affection calls (亲情电话): lines and hours, the planner, the log."""
