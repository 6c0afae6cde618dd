"""Fail when a text of a committed catalogue is missing or fuzzy, or when a catalogue leaves a placeholder out."""

import sys
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parent.parent / "sr_portal" / "locale"


def faults(path: Path) -> list[str]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    found = []
    for message in catalogue:
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        texts = [message.string] if isinstance(message.string, str) else message.string
        if message.fuzzy:
            found.append(f"{path}:{message.lineno}: fuzzy: {name}")
        elif not texts or not all(texts):
            found.append(f"{path}:{message.lineno}: missing: {name}")
        found += [f"{path}:{message.lineno}: {error}" for error in message.check(catalogue)]
    return found


def main() -> int:
    catalogues = sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
    if not catalogues:
        print("No catalogue yet: the portal is in French only.")
        return 0
    found = [fault for path in catalogues for fault in faults(path)]
    print("\n".join(found) or f"{len(catalogues)} catalogue(s), nothing missing, nothing fuzzy.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
