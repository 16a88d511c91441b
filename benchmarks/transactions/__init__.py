"""All marts of transactions on real receipts: wall time, rows, and whether what was sold in raw is what the marts say."""
