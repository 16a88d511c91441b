"""Predictions from purchases: pure numpy and scipy; each is back-tested against a naive guess before it is shown."""
