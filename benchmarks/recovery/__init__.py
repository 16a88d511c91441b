"""What a home survives: real nights, really killed, on really full disks. `python -m benchmarks.recovery` repeats it many times."""
