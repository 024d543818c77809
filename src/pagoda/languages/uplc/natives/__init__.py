"""Native functions of the ``vm`` storey: values in memory, numbers, sizes, costs, builtins."""
