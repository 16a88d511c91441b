"""Pure: versions that readers see, the switch between them, journal and history, queries, backup."""
