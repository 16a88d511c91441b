"""Marketing's room: reach, segments, lists and campaigns in figures about groups."""
