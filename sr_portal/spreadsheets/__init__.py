"""Spreadsheets read and written: what a file holds becomes plain rows, and what is doubtful is refused with its place."""
