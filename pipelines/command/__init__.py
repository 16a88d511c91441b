"""What stands behind the `ucv` command: running the job with progress, explaining a customer, printing tables."""
