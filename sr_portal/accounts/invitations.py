"""The link by which somebody chooses their first password: mailed, and shown once to the administrator.

The link is allauth's password reset key: it serves once, since it depends on the password's hash, and for
`PASSWORD_RESET_TIMEOUT` seconds.
"""

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from . import rules
from .models import User

log = structlog.get_logger("portal.accounts")
SESSION_KEY = "invitation"


def has_never_signed_in(user: User) -> bool:
    """Only then may an administrator hold the link: later it would open somebody else's account to them."""
    return not user.has_usable_password() and user.last_login is None


def send(request: HttpRequest, user: User) -> bool:
    """Mail the link, and keep it in the administrator's session for one page view if `user` never signed in.

    Returns whether the mail left.
    """
    if not rules.may_manage_people(request.user) or not user.is_active:
        raise PermissionDenied
    link = _link(request, user)
    if has_never_signed_in(user):
        request.session[SESSION_KEY] = {"user": user.pk, "link": link}
    try:
        with translation.override(user.language):
            get_adapter(request).send_mail(
                "accounts/email/invitation", user.email, {"user": user, "password_reset_url": link}
            )
    except OSError:  # smtplib's errors are OSErrors too: the account stands, and the link can be handed over
        log.warning("invitation_not_mailed", user=user.pk, exc_info=True)
        return False
    return True


def take_link(request: HttpRequest, user: User) -> str:
    """The link to show for `user`, once; empty afterwards and for anybody else's page."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["user"] != user.pk:
        return ""
    del request.session[SESSION_KEY]
    return kept["link"]


def _link(request: HttpRequest, user: User) -> str:
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return request.build_absolute_uri(path)
