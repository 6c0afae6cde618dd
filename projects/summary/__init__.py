"""How many, how much and where: sums over the projects that the database keeps while they are written (decision 0011).

`table` says what is counted and by what, `view` makes SQL of it, `reading` asks.
"""
