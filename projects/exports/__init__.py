"""Documents and files made from projects: pure functions from what the caller read to what is printed or streamed."""
