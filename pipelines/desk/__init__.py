"""Pages for stewards, service and marketing on loopback: what `pipelines.command` answers in the terminal, for people without SQL."""
