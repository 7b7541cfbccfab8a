"""The lab without packets of a kernel: scenarios as pure functions of a seed."""
