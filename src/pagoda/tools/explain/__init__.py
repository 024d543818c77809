"""Showing what becomes of a function: from its source lines to machine code (:mod:`.command`)."""
