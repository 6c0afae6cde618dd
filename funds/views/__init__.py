"""Pages of money and partners."""
