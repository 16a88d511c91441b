"""Public data sets out of the wheels of Python packages: what is read, how it is delivered, who is who."""
