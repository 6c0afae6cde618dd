"""What people are asked of places, plans and studies."""
