"""The sign-in form in the portal's own manner: each field has its label, which no placeholder repeats."""

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """Allauth's form; where a forgotten password leads is said by the page, under the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
