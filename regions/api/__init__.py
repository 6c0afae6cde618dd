"""What the API gives of the places: see `resources`."""
