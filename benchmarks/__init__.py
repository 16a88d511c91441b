"""Measurements: one command each, printed side by side; none of them is a test."""
