"""How long a change of keys takes."""
