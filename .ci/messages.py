"""The catalogues of the interface, kept from the texts themselves: French in the code, English beside it.

    python .ci/messages.py          bring the catalogues up to date; new texts wait there for their English
    python .ci/messages.py --check  fail when a text is missing, unused, untranslated, fuzzy or leaves a placeholder out

French needs a catalogue for its plurals, since gettext alone would count « 0 » as the English do, and for single words:
Django's own French catalogue would take « Close » for English, and write « Fermer ».
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
LOCALES = PROJECT / "sr_portal" / "locale"
APPS = ("sr_portal", "regions", "funds", "projects")
KEYWORDS = {
    name: shape
    for names, shape in (
        (("_", "_lazy", "_now", "gettext", "gettext_lazy", "gettext_noop"), None),
        (("ngettext", "ngettext_lazy"), (1, 2)),
        (("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
        (("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
    )
    for name in names
}
# A name of its own for gettext, which hides its texts from the search for them.
HIDDEN = re.compile(r"\bgettext(?:_lazy|_noop)? as (?!(?:_|_lazy|_now)\b)(\w+)")
PLURAL_FORMS = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}


def sources() -> Iterator[tuple[Path, str]]:
    """Each file that may hold texts, as Python."""
    for app in APPS:
        for path in sorted((PROJECT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for path in sorted((PROJECT / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            # What is left of a template has no indentation that Python would understand.
            yield path, "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())


def wanted() -> Catalog:
    """Every text that the code asks gettext for."""
    found = Catalog()
    for path, text in sources():
        place = path.relative_to(PROJECT).as_posix()
        for _line, function, messages, _comments in extract_python(
            io.BytesIO(text.encode()), KEYWORDS.keys(), (), {"encoding": "utf-8"}
        ):
            parts = messages if isinstance(messages, tuple) else (messages,)
            shape = KEYWORDS[function]
            context = parts[0] if shape and isinstance(shape[0], tuple) else None
            texts = [part for part in parts[1 if context else 0 :] if part]
            if not texts:
                continue
            key = tuple(texts[:2]) if "ngettext" in function else texts[0]
            found.add(key, context=context, locations=[(place, 0)])
    return found


def hidden() -> Iterator[str]:
    for path, text in sources():
        for name in HIDDEN.findall(text):
            yield f"{path.relative_to(PROJECT)}: texts under the name {name} are not found: use _, _lazy or _now"


def covers(locale: str, message: Message) -> bool:
    return locale != "fr" or message.pluralizable or " " not in message.id


def stored(locale: str) -> Catalog:
    path = LOCALES / locale / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def renewed(locale: str, texts: Catalog) -> Catalog:
    """The stored translations of what is wanted, and an empty place for each new text."""
    old, new = stored(locale), Catalog(locale=locale, project="Portail S&R", charset="utf-8", fuzzy=False)
    new.header_comment = ""
    for message in sorted(texts, key=lambda message: (str(message.locations[:1]), str(message.id))):
        if not message.id or not covers(locale, message):
            continue
        known = old.get(message.id, message.context)
        string = message.id if locale == "fr" else known.string if known else ("", "") if message.pluralizable else ""
        flags = {"python-format"} & set(message.flags)
        new.add(message.id, string, context=message.context, locations=message.locations, flags=flags)
    return new


def faults(locale: str, texts: Catalog) -> Iterator[str]:
    catalogue = stored(locale)
    keys = {(message.id, message.context) for message in catalogue if message.id}
    for message in texts:
        if not message.id or not covers(locale, message):
            continue
        if (message.id, message.context) not in keys:
            yield f"{locale}: not in the catalogue: {message.id!r} ({message.locations[0][0]})"
    for message in catalogue:
        if not message.id:
            continue
        strings = [message.string] if isinstance(message.string, str) else message.string
        if texts.get(message.id, message.context) is None:
            yield f"{locale}: no longer used: {message.id!r}"
        if message.fuzzy:
            yield f"{locale}: fuzzy: {message.id!r}"
        elif not strings or not all(strings):
            yield f"{locale}: not translated: {message.id!r}"
        else:
            for error in message.check(catalogue):
                yield f"{locale}: {message.id!r}: {error}"


def write(locale: str, catalogue: Catalog) -> None:
    path = LOCALES / locale / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False, sort_output=False)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {locale}\\n"\n"Plural-Forms: {PLURAL_FORMS[locale]}\\n"\n\n'
    )
    path.write_bytes(header.encode() + body.getvalue())


def main() -> int:
    settings.configure()
    django.setup()
    texts = wanted()
    if "--check" not in sys.argv[1:]:
        for locale in PLURAL_FORMS:
            write(locale, renewed(locale, texts))
    found = list(hidden())
    found += [fault for locale in PLURAL_FORMS for fault in faults(locale, texts)]
    print("\n".join(found) or f"{len(texts)} texts, nothing missing, nothing fuzzy.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
