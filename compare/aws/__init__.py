"""serverful compare --aws: both sides and a client in a region of AWS, measured, priced and deleted."""
