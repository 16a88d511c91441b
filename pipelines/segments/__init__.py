"""Segments: rules over the marts in YAML that a marketer reads and writes, turned into SQL with bound values."""
