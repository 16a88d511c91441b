"""Exports: an audience held against consent, opt-outs and terms, written as a file, and remembered in an append-only ledger."""
