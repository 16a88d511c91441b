"""Dagster assets, thin: each reads inputs, calls one pure function, writes, and returns metadata."""
