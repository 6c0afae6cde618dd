"""Effects on the places."""
