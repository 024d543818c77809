"""The languages. Each lives in a folder of its own and knows nothing of the others; :mod:`.registry` finds them by name."""
