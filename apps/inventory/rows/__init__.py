"""What hangs on a record row by row: costs, contracts, relations, documents; their words, shapes, forms and sheets."""
