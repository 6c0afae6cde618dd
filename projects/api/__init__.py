"""What the API gives of the projects, of the plans that they serve, and of their sums."""
