"""Deliberate faults in gates, frames, freshness, deliveries, publishing and alerts: each must make a named test fail."""
