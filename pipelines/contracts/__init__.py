"""Contracts: what a source may deliver, checked before anything is read."""
