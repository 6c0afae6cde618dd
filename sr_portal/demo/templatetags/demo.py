"""The accounts of the demonstration, on its own sign-in page and nowhere else."""

from django import template
from django.conf import settings

from sr_portal.demo.people import PASSWORD, PEOPLE

register = template.Library()


@register.inclusion_tag("demo/accounts.html", takes_context=True)
def demo_accounts(context: template.Context) -> dict[str, object]:
    """One button for each person of the sample data; nothing at all outside a demonstration."""
    shown = {"people": PEOPLE, "password": PASSWORD} if settings.IS_DEMO else {}
    return shown | {
        name: context.get(name)
        for name in ("csrf_token", "redirect_field_name", "redirect_field_value", "redirect_field")
    }
