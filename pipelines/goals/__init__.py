"""Goals of teams: what a home's `goals/*.yml` declare, checked line by line, and the table of them that dbt reads."""
