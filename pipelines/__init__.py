"""One trusted customer view from many sources: contracts, ingest, identity, gates and publishing."""
