"""How far a sheet may reach, and how a cell is named."""

MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000


def letters(column: int) -> str:
    """« A » for 1, « AB » for 28."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """The other way round."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number
