"""Quality gates: rules in one table, frames of figures, Great Expectations suites made from both, verdicts and their page."""
