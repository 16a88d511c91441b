"""The sections of the page of a version: which queries they ask, and how the answers are shown."""
