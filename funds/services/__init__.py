"""Every write with a meaning on money and partners."""
