"""The opt storey with every function compiled."""
