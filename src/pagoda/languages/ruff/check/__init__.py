"""What can be said about a Ruff program beyond its syntax: warnings, hints, and the catalogue of codes.

Nothing here is imported by a program that runs to its end: the hints are made when an error is reported.
"""
