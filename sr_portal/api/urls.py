"""Routes of the API, made from the resources that the apps declare."""

from collections.abc import Sequence

from django.urls import URLPattern, URLResolver, include, path

from . import document
from .feed import ChangeFeed
from .resources import Resource
from .views import DetailView, Entrance, ListView

_DECLARED: list[Resource] = []


def declared() -> tuple[Resource, ...]:
    """The resources that have routes."""
    return tuple(_DECLARED)


def routes(resources: Sequence[Resource], others: Sequence[URLPattern] = ()) -> list[URLPattern | URLResolver]:
    """`/api/v1/…`: the entrance, the document, the change feed, and a list and its records for each resource.

    `others` are routes below /api/v1/ whose views are `ApiView`s of an app's own.
    """
    _DECLARED[:] = resources
    found: list[URLPattern | URLResolver] = [
        path("", _view(Entrance, resources=tuple(resources)), name="entrance"),
        path("openapi.json", document.serve, name="openapi"),
        path("changes", _view(ChangeFeed, resources=tuple(resources)), name="changes"),
    ]
    found += others
    for resource in resources:
        found += [
            path(resource.name, _view(ListView, resource=resource), name=resource.name),
            path(f"{resource.name}/<str:key>", _view(DetailView, resource=resource), name=f"{resource.name}_one"),
        ]
    return [path("api/v1/", include((found, "api"))), path("api/", document.page, name="api_docs")]


def _view(base: type, **attributes):
    """A class of its own for each route, so that each is told apart in the document."""
    resource = attributes.get("resource")
    name = f"{resource.name.title().replace('-', '')}{base.__name__}" if resource else base.__name__
    return type(name, (base,), {**attributes, "__doc__": base.__doc__, "__module__": base.__module__}).as_view()
