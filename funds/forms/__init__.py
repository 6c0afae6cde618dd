"""Input from people about money and partners."""
