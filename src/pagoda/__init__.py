"""Pagoda: several languages on one tiered engine whose operations are defined once, in typed Python.

Importing this package must stay cheap: the command line's start-up time depends on it. Only the version lives here.
"""

__version__ = "0.1.0"
