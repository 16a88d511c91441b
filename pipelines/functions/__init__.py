"""SQL functions that models call: one module per family of fields, pure Python on single values, registered in one place."""
