"""Every write with a meaning. Each is one transaction: lock, guards, change, record."""
