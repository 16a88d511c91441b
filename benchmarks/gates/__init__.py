"""What all gates of a night cost beside the rest of it."""
