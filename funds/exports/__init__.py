"""Files made of the funds' tables: pure functions from a queryset to a stream."""
