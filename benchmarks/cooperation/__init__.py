"""How long an overlap without clear data takes, and how well likeness finds whom clear matching finds."""
