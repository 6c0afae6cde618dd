"""What the page of each step of an instalment says and asks: a table of data, read by `money_steps`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.models import BankAccount
from projects.forms.money import NoteForm, PaymentForm, PlainForm, RefundForm, ShortReasonForm
from projects.models import Instalment
from projects.services import instalments, payments
from projects.states import State
from sr_portal.web.templatetags.portal import usd

from .money_doors import rate_of_the_month


@dataclass(frozen=True)
class MoneyStepPage:
    """`consequences` says what follows; `act` calls the service with the valid form and answers what is then told."""

    icon: str
    button: Any
    consequences: Callable[[Instalment], list[str]]
    act: Callable[[Instalment, Any, Any], str]
    form: Callable[[Any, Any, Instalment], forms.Form]
    confirm: Any = ""  # asked once more before what cannot be undone
    danger: bool = False
    files: bool = False


def plain(kind: type[forms.Form]) -> Callable[[Any, Any, Instalment], forms.Form]:
    return lambda data, files, instalment: kind(data)


def payment_form(data, files, instalment: Instalment) -> PaymentForm:
    account = verified_account(instalment)
    currency = account.currency if account and account.currency in ("XOF", "USD") else "XOF"
    return PaymentForm(data, files, instalment=instalment, currency=currency, rate=rate_of_the_month())


def refund_form(data, files, instalment: Instalment) -> RefundForm:
    return RefundForm(data, files, instalment=instalment, currency="XOF", rate=rate_of_the_month())


def verified_account(instalment: Instalment) -> BankAccount | None:
    """The account to which the partner is paid; asked for once a page."""
    if not hasattr(instalment, "_account"):
        found = BankAccount.objects.filter(organisation_id=instalment.project.partner_id, status="verified")
        instalment._account = found.first()
    return instalment._account


# --- What follows ---------------------------------------------------------------------------------------------------
def after_request(instalment: Instalment) -> list[str]:
    return [
        _("%(amount)s sont demandés pour %(partner)s.")
        % {"amount": usd(instalment.amount_usd), "partner": instalment.project.partner},
        _("L’autorité d’approbation ou les finances l’autorisent ; quelqu’un d’autre des finances paie."),
        _("Le montant et le rang de la tranche ne changent plus."),
    ]


def after_authorisation(instalment: Instalment) -> list[str]:
    return [
        _("%(amount)s peuvent être payés à %(partner)s.")
        % {"amount": usd(instalment.amount_usd), "partner": instalment.project.partner},
        _("Ni vous, ni %(asker)s, qui l’a demandée, ne pourrez enregistrer le paiement.")
        % {"asker": instalment.requested_by},
    ]


def after_payment(instalment: Instalment) -> list[str]:
    told = [
        _("L’écriture ne se modifie ni ne s’efface : une erreur s’annule par une contre-passation, faite par un autre.")
    ]
    if instalment.project.state == State.AGREED:
        told.append(_("C’est le premier paiement : le projet passe à l’état « En cours »."))
    return told


def after_settling(instalment: Instalment) -> list[str]:
    return [
        _("La tranche est payée à %(paid)s ; les %(left)s restants ne seront plus payés.")
        % {"paid": usd(instalment.paid_usd), "left": usd(instalment.unpaid_usd)},
        _("Ils restent réservés jusqu’à la clôture, puis retournent à l’enveloppe."),
    ]


def after_sending_back(instalment: Instalment) -> list[str]:
    return [
        _("La tranche redevient « Prévue » ; %(asker)s pourra la demander de nouveau.")
        % {"asker": instalment.requested_by or _("le gestionnaire")}
    ]


def after_refund(instalment: Instalment) -> list[str]:
    told = [_("Le remboursement s’inscrit en négatif, avec sa preuve.")]
    if instalment.project.state == State.CANCELLED:
        told.append(_("Le projet est annulé : l’argent retourne aussitôt à l’enveloppe."))
    return told


# --- What is done ---------------------------------------------------------------------------------------------------
def request(instalment: Instalment, user, form) -> str:
    instalments.request(instalment=instalment, user=user, note=form.cleaned_data["note"])
    return _("La tranche %(rank)s est demandée. Elle attend d’être autorisée.") % {"rank": instalment.position}


def authorise(instalment: Instalment, user, form) -> str:
    instalments.authorise(instalment=instalment, user=user)
    return _("La tranche %(rank)s est autorisée. Elle attend d’être payée.") % {"rank": instalment.position}


def pay(instalment: Instalment, user, form) -> str:
    data = form.cleaned_data
    paid = payments.pay(
        instalment=instalment, user=user, movement=form.movement, proof=data["proof"],
        signed_receipt=data["signed_receipt"],
    )  # fmt: skip
    return _("Le paiement %(reference)s est enregistré : %(amount)s.") % {
        "reference": paid.reference, "amount": usd(paid.amount_usd),
    }  # fmt: skip


def settle(instalment: Instalment, user, form) -> str:
    done = instalments.settle(instalment=instalment, user=user, reason=form.cleaned_data["reason"])
    return _("La tranche %(rank)s est soldée à %(amount)s.") % {"rank": done.position, "amount": usd(done.paid_usd)}


def send_back(instalment: Instalment, user, form) -> str:
    instalments.send_back(instalment=instalment, user=user, reason=form.cleaned_data["reason"])
    return _("La demande de la tranche %(rank)s est renvoyée, avec son motif.") % {"rank": instalment.position}


def refund(instalment: Instalment, user, form) -> str:
    back = payments.refund(instalment=instalment, user=user, movement=form.movement, proof=form.cleaned_data["proof"])
    return _("Le remboursement de %(amount)s est enregistré.") % {"amount": usd(-back.amount_usd)}


PAGES: dict[str, MoneyStepPage] = {
    "request": MoneyStepPage("send", gettext_lazy("Demander la tranche"), after_request, request, plain(NoteForm)),
    "authorise": MoneyStepPage(
        "check-circle", gettext_lazy("Autoriser la tranche"), after_authorisation, authorise, plain(PlainForm),
        confirm=gettext_lazy("Autoriser cette tranche ?"),
    ),
    "pay": MoneyStepPage(
        "cash", gettext_lazy("Enregistrer le paiement"), after_payment, pay, payment_form,
        confirm=gettext_lazy("Enregistrer ce paiement ?"), files=True,
    ),
    "settle": MoneyStepPage(
        "check-circle", gettext_lazy("Solder au montant payé"), after_settling, settle, plain(ShortReasonForm),
        confirm=gettext_lazy("Solder cette tranche ?"),
    ),
    "send_back": MoneyStepPage(
        "arrow-return-left", gettext_lazy("Renvoyer la demande"), after_sending_back, send_back, plain(ShortReasonForm),
        danger=True,
    ),
    "refund": MoneyStepPage(
        "arrow-return-left", gettext_lazy("Enregistrer le remboursement"), after_refund, refund, refund_form,
        confirm=gettext_lazy("Enregistrer ce remboursement ?"), files=True,
    ),
}  # fmt: skip
