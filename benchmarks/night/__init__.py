"""What a night costs before it looks at a row: `python -m benchmarks.night`."""
