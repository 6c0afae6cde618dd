"""How a partner stands on a day: the badge of its page, and the same as a condition for the list."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funds import rules
from funds.models import BankAccount, BankAccountStatus, Organisation, VettingStatus


@dataclass(frozen=True)
class Standing:
    """`word` is the one of the list's address."""

    word: str
    label: str | Promise
    tone: str
    icon: str


STANDINGS = {
    standing.word: standing
    for standing in (
        Standing("en-regle", _("Vérifié"), "positive", "check-circle"),
        Standing("a-verifier", _("À vérifier"), "warning", "hourglass-split"),
        Standing("echue", _("Vérification échue"), "warning", "clock"),
        Standing("non-conforme", _("Non conforme"), "danger", "x-circle"),
        Standing("exclu", _("Exclu"), "danger", "lock"),
    )
}


def standing_of(organisation: Organisation, on: dt.date) -> Standing:
    if organisation.excluded:
        return STANDINGS["exclu"]
    if organisation.vetting_status == VettingStatus.REJECTED:
        return STANDINGS["non-conforme"]
    if organisation.vetting_status == VettingStatus.PENDING:
        return STANDINGS["a-verifier"]
    return STANDINGS["en-regle" if organisation.is_cleared(on) else "echue"]


def who_stand(word: str, on: dt.date) -> Q:
    """The organisations for which `standing_of` gives `word` on that day."""
    if word == "exclu":
        return Q(excluded=True)
    here = Q(excluded=False)
    cleared = here & Q(vetting_status=VettingStatus.CLEARED)
    first = first_valid_day(on)
    return {
        "non-conforme": here & Q(vetting_status=VettingStatus.REJECTED),
        "a-verifier": here & Q(vetting_status=VettingStatus.PENDING),
        "en-regle": cleared & Q(vetted_on__gte=first),
        "echue": cleared & Q(vetted_on__lt=first),
    }[word]


def first_valid_day(on: dt.date) -> dt.date:
    """The earliest day of vetting that still holds on `on`, by the one rule `vetting_expires_on`."""
    day = rules.add_months(on, -rules.VETTING_VALID_MONTHS) - dt.timedelta(days=3)
    while rules.vetting_expires_on(day) <= on:
        day += dt.timedelta(days=1)
    return day


ACCOUNT_STANDINGS = {
    BankAccountStatus.TO_VERIFY: Standing(
        "a-verifier", BankAccountStatus.TO_VERIFY.label, "warning", "hourglass-split"
    ),
    BankAccountStatus.VERIFIED: Standing("verifie", BankAccountStatus.VERIFIED.label, "positive", "check-circle"),
    BankAccountStatus.REJECTED: Standing("rejete", BankAccountStatus.REJECTED.label, "danger", "x-circle"),
    BankAccountStatus.RETIRED: Standing("retire", BankAccountStatus.RETIRED.label, "neutral", "archive"),
}


def account_standing(account: BankAccount) -> Standing:
    """The badge of a bank account."""
    return ACCOUNT_STANDINGS[BankAccountStatus(account.status)]
