"""The figures, one module per group: each function takes the `World` and answers what it measured."""
