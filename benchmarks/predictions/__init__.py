"""Whether predictions beat a naive baseline, on real purchases and on the demo."""
