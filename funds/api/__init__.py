"""What the API gives of the funds: mechanisms, envelopes, contributions, organisations, activities of partners."""
