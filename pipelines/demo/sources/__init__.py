"""The sources: which people each one knows, how often, and what its records say."""
