"""Telling the people who answer for a check that it turned red, and that it turned green again."""
