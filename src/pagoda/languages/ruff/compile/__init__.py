"""From the resolved tree to functions of the machine."""
