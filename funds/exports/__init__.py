"""Files and documents made of the funds' tables: pure functions from rows to a stream or to a paper."""
