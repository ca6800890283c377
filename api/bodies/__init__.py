"""What callers may send: strict, closed models with Vietnamese examples. Shapes only, no rules of the field."""
