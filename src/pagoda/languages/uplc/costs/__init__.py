"""What evaluation costs: figures, shapes of cost functions, sizes of values, and models that put them together."""
