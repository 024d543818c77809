"""Tests of what is said about a program beyond its syntax."""
