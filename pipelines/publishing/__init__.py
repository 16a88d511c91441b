"""Pure: versions that readers see, the one switch between them, their journal and history, queries, backup."""
