"""Data for the scripts of our own pages, as light JSON that a browser asks again only when it has changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page


def json_answer(data: Any, *, status: int = 200) -> HttpResponse:
    """`data` as JSON; amounts and the like are turned into numbers by who makes it."""
    return HttpResponse(orjson.dumps(data), content_type="application/json", status=status)


def asked_again(seconds: int = 0) -> Callable:
    """Kept by the reader's own browser for `seconds`, then asked again with its ETag: 304 when nothing has changed."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = view(request, *args, **kwargs)
            if answer.status_code == 200:
                answer.headers["Cache-Control"] = f"private, max-age={seconds}" if seconds else "private, no-cache"
            return answer

        return conditional_page(kept)

    return wrap
