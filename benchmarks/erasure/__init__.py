"""How long an erasure takes."""
