"""Who is who, side by side: the nightly models, Splink and GoldenMatch on the same data, machine and run."""
