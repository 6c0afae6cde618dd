"""The words of a search as the French stemmer must be asked: « radio » and « radios » have two stems there."""

MOST_WORDS = 20  # of what somebody types; more would only slow the answer down
SHORT = 4  # letters below which a word has no other number


def words_of(text: str) -> list[tuple[str, ...]] | None:
    """Each word with what stands for it, any of which may be found; None where the text uses the search's own signs.

    A word comes in its other number too: « manuscrit » → manuscrit, manuscrits. A number alone is the end of a reference
    too, which the parser of PostgreSQL reads as negative: « 0042 » → 0042, -0042 (`QIP-GAO-2026-0042`).
    """
    words = text.split()
    if '"' in text or any(word.startswith("-") or word.casefold() in ("or", "and", "not") for word in words):
        return None
    return [_forms(word) for word in words[:MOST_WORDS]]


def _forms(word: str) -> tuple[str, ...]:
    if word.isdecimal():
        return (word, f"-{word}")
    if len(word) < SHORT or not word[-1].isalpha():
        return (word,)
    return (word, word[:-1] if word[-1] in "sxSX" else f"{word}s")
