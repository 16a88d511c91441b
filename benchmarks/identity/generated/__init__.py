"""Labelled sets of invented records, made without a look at how the pipeline matches them."""
