"""Ingest: delivered files to checked, quarantined and encrypted raw rows. Nothing is lost: in = accepted + quarantined + duplicate."""
