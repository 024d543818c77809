"""The storey walk: a tree-walking evaluator in plain Python that defines what programs mean."""
