"""Erasure, access and correction: by which signs a person is known again, and what is remembered of the erased."""
