"""Running scripts on the machine: memory, machine code, the host, the way back to ``walk``."""
