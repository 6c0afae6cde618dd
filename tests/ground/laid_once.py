"""What the tests of a file begin with, made once for all of them that follow each other.

`@laid_once` stands where `@pytest.fixture` would. The rows lie in a transaction that stays open; each test stands in a
savepoint inside it, which is rolled back, and is given copies of the objects. A test that asks for fewer of these
fixtures finds the rows of those only, and one that asks for none finds none.

What is made may depend on other fixtures made once (and on `db`), not on what a test sets for itself.
"""

import inspect
import shutil
import tempfile
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

Make = Callable[..., Any]


def laid_once(make: Make) -> Any:
    """A fixture of this name."""
    asked = list(inspect.signature(make).parameters.values())
    request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    db = inspect.Parameter("db", inspect.Parameter.POSITIONAL_OR_KEYWORD)

    def given(request: pytest.FixtureRequest, **_others: Any) -> Any:
        return GROUND.given(request.node, make)

    given.__name__, given.__doc__, given.__module__ = make.__name__, make.__doc__, make.__module__
    given.__signature__ = inspect.Signature([request, db, *(one for one in asked if one.name != "db")])
    given.makes = make
    return pytest.fixture(given)


def asked_by(item: pytest.Item) -> list[Make]:
    """What a test asks for of what is made once: each after what it is made of, in the order of the file."""
    found = getattr(item, "_fixtureinfo", None)
    if found is None:
        return []
    makes = {name: getattr(those[-1].func, "makes", None) for name, those in found.name2fixturedefs.items()}
    ordered: dict[Make, None] = {}

    def add(make: Make) -> None:
        for name in inspect.signature(make).parameters:
            if makes.get(name):
                add(makes[name])
        ordered.setdefault(make)

    for make in sorted(filter(None, makes.values()), key=place):
        add(make)
    return list(ordered)


def place(make: Make) -> tuple[str, int]:
    return make.__module__, make.__code__.co_firstlineno


def in_an_order_that_spares(items: list[pytest.Item]) -> list[pytest.Item]:
    """In each file, those that ask for the same one after the other."""
    ordered: list[pytest.Item] = []
    for _file, those in groupby(items, key=lambda item: item.path):
        ordered += sorted(those, key=lambda item: [place(make) for make in asked_by(item)])
    return ordered


@dataclass
class Layer:
    make: Make
    savepoint: transaction.Atomic
    files: Path
    made: Any = None


@dataclass
class Ground:
    """The layers that lie under the tests: the outermost is a transaction, the others are savepoints in it."""

    layers: list[Layer] = field(default_factory=list)
    session: Any = None
    copies: tuple[pytest.Item, dict[Make, Any]] | None = None

    def lay(self, makes: list[Make]) -> None:
        """Exactly these, in this order: of what is there, the beginning that is alike stays."""
        alike = 0
        if self.stands():
            for layer, make in zip(self.layers, makes, strict=False):
                if layer.make is not make:
                    break
                alike += 1
        self.take_up(alike)
        for make in makes[alike:]:
            self.add(make)

    def stands(self) -> bool:
        """Whether no test lost the session, and with it all that was made."""
        return bool(self.session) and connection.connection is self.session and not self.session.closed

    def take_up(self, left: int = 0) -> None:
        """All layers but the first ones."""
        self.copies = None
        if self.layers and not self.stands():
            connection.close()
        while len(self.layers) > left:
            layer = self.layers.pop()
            if connection.in_atomic_block:
                transaction.set_rollback(True)
                layer.savepoint.__exit__(None, None, None)
            shutil.rmtree(layer.files)

    def add(self, make: Make) -> None:
        savepoint = transaction.atomic()
        savepoint._from_testcase = True  # as Django's own: what is made may open a transaction that must be outermost
        savepoint.__enter__()
        self.session = connection.connection
        layer = Layer(make, savepoint, Path(tempfile.mkdtemp(prefix="laid-once-")))
        made = {layer.make.__name__: layer.made for layer in self.layers}
        self.layers.append(layer)
        try:
            with override_settings(MEDIA_ROOT=layer.files), translation.override(settings.LANGUAGE_CODE):
                layer.made = make(**{name: made.get(name) for name in needs(make, made)})
            connection.check_constraints()  # those put off to the commit are not checked again after each test
        except BaseException:
            self.take_up()
            raise

    def given(self, item: pytest.Item, make: Make) -> Any:
        """A copy for this test, which shares what it shares with the test's other copies; its files are there too."""
        if self.copies is None or self.copies[0] is not item:
            copied = deepcopy([layer.made for layer in self.layers])
            self.copies = item, {layer.make: one for layer, one in zip(self.layers, copied, strict=True)}
        layer = next(layer for layer in self.layers if layer.make is make)
        if any(layer.files.iterdir()):
            shutil.copytree(layer.files, settings.MEDIA_ROOT, dirs_exist_ok=True)
        return self.copies[1][make]


def needs(make: Make, made: Iterable[str]) -> list[str]:
    names = list(inspect.signature(make).parameters)
    if strangers := set(names) - set(made) - {"db"}:
        raise TypeError(f"{make.__name__} is made once for many tests: it cannot ask for {', '.join(strangers)}")
    return names


GROUND = Ground()
