"""What the coordination of partners tells people."""
