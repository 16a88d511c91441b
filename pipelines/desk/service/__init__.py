"""Service's room: one customer at a time, masked, from the sealed cards."""
