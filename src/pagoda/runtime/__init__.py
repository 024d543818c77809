"""Memory, values and concurrency in typed Python, for languages to build on."""
