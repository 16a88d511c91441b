"""Keys, encrypted DuckDB connections and files: how anything of a home is written and read at rest."""
