"""From the nodes of a script to code of the machine, natively."""
