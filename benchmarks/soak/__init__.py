"""Many nights of random deliveries and mishaps in one home, and whether all of it can be rebuilt and accounted for."""
