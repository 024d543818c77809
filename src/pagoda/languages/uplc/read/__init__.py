"""The native readers: flat scripts into nodes, CBOR into data."""
