"""The application as its server asks it. Django's test client also copies what each template was given, which costs a
dashboard a tenth of its time."""

from wsgiref.types import WSGIApplication

from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from sr_portal.accounts.models import User


class Served:
    """Somebody's browser, signed in."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())}
        self.app: WSGIApplication = get_wsgi_application()

    def get(self, path: str) -> bytes:
        """The body of the page; anything but 200 fails."""
        environ = RequestFactory().get(path, headers=self.headers).environ
        told: list[str] = []
        answer = self.app(environ, lambda status, _headers, _error=None: told.append(status) or (lambda _data: None))
        body = b"".join(answer)
        answer.close()  # type: ignore[attr-defined]
        assert told[0].startswith("200"), told
        return body
