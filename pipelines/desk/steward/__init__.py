"""The steward's room: doubtful pairs, second opinions, merges that look wrong."""
