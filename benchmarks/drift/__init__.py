"""Does a night notice what nobody foresaw? Simulated nights with injected drifts, judged as real deliveries are."""
