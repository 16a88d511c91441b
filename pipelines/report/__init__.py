"""The page of a run that a steward reads: what failed, how much, since when, and what to do."""
