"""Help on the spot: what F1 says, the guide and the card of keys, 关于, the support file."""
