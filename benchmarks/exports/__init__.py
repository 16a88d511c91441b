"""How long an export takes, on invented published tables."""
