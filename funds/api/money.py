"""Mechanisms, their yearly envelopes, and what donors give."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from funds import access
from funds.forms.contributions import ContributionFilter
from funds.models import Contribution, DonorCurrency, Envelope, Mechanism, Stage
from funds.views.contributions import filtered
from sr_portal.api.reader import Reader
from sr_portal.api.resources import (
    DAY,
    KEY,
    MONEY,
    TEXT,
    WHOLE,
    YES_NO,
    Column,
    FormFilters,
    Resource,
    list_of,
    maybe,
    one_of,
    thing,
)

from .parts import FUND, ORGANISATION, REGION, fund, organisation, region


def reads_money(reader: Reader) -> bool:
    """Partners read what is published of it; of the mission's people, those who read it on the pages."""
    return reader.published_only or access.reads_money(reader.user)


FUNDS = Resource(
    name="funds",
    title=_("Mécanismes de financement"),
    says=_("Les fonds que la section gère (QIP, PBF, fonds fiduciaire) et les règles de chacun."),
    tag=_("Argent"),
    model=Mechanism,
    alias="m",
    source="funds_mechanism m",
    lookup_says=_("Code du mécanisme, comme QIP."),
    rows=lambda reader: Mechanism.objects.all(),
    filtering=FormFilters(forms.Form, lambda rows, wanted, reader: rows, (("code", "code", _("Code")),)),
    columns=(
        Column("code", "m.code", TEXT, _("Code, repris dans la référence des projets."), "QIP"),
        Column("name_fr", "m.name_fr", TEXT, _("Nom en français."), "Projets à impact rapide"),
        Column("name_en", "m.name_en", TEXT, _("Nom en anglais."), "Quick Impact Projects"),
        Column("ceiling_usd", "m.ceiling_usd", maybe(MONEY), _("Plafond par projet, USD ; vide : aucun."), 50000.00),
        Column("max_months", "m.max_months", maybe(WHOLE), _("Durée maximale, en mois ; vide : aucune."), 6),
        Column(
            "fiscal_year_first_month", "m.fiscal_year_first_month", WHOLE, _("Premier mois de l’exercice, 1 à 12."), 7
        ),
        Column("approving_body_fr", "m.approving_body_fr", TEXT, _("Instance d’approbation, en français."), "RSSG"),
        Column("approving_body_en", "m.approving_body_en", TEXT, _("Instance d’approbation, en anglais."), "SRSG"),
        Column(
            "funded_by_contributions", "m.funded_by_contributions", YES_NO,
            _("Vrai si des contributions de donateurs couvrent ses enveloppes."), False,
        ),
        Column(
            "facilities",
            "COALESCE((SELECT json_agg(json_build_object('code', f.code, 'name_fr', f.name_fr, 'name_en', f.name_en)"
            " ORDER BY f.code) FROM funds_facility f WHERE f.mechanism_id = m.code), '[]')",
            list_of(thing(code=TEXT, name_fr=TEXT, name_en=TEXT)),
            _("Guichets du mécanisme."),
            [],
        ),
    ),
)  # fmt: skip


class EnvelopeFilter(forms.Form):
    mecanisme = forms.CharField(label=_("Code du mécanisme"), required=False, max_length=8)
    exercice = forms.IntegerField(
        label=_("Année où l’exercice commence"), required=False, min_value=1990, max_value=9999
    )


def narrow_envelopes(rows: QuerySet, wanted: Mapping[str, Any], reader: Reader) -> QuerySet:
    if code := wanted.get("mecanisme"):
        rows = rows.filter(mechanism_id=code)
    if year := wanted.get("exercice"):
        rows = rows.filter(fiscal_year=year)
    return rows


ENVELOPES = Resource(
    name="envelopes",
    kind="envelope",
    title=_("Enveloppes"),
    says=_("L’argent de chaque mécanisme par exercice, et ce que les projets approuvés en ont réservé. Montants en USD."),
    tag=_("Argent"),
    model=Envelope,
    alias="e",
    source="funds_envelope e\nLEFT JOIN funds_mechanism m ON m.code = e.mechanism_id",
    rows=lambda reader: Envelope.objects.all(),
    may=reads_money,
    filtering=FormFilters(
        EnvelopeFilter, narrow_envelopes, (("recents", "-fiscal_year", _("Plus récentes")),),
        logged=frozenset({"mecanisme", "exercice"}),
    ),
    columns=(
        Column("id", "e.id", KEY, _("Numéro dans le portail."), 4),
        Column("fund", fund("m"), FUND, _("Mécanisme."),
               {"code": "QIP", "name_fr": "Projets à impact rapide", "name_en": "Quick Impact Projects"}),
        Column("fiscal_year", "e.fiscal_year", WHOLE, _("Année où l’exercice commence."), 2026),
        Column("starts_on", "make_date(e.fiscal_year, m.fiscal_year_first_month, 1)", DAY, _("Premier jour."), "2026-07-01"),
        Column(
            "ends_on", "(make_date(e.fiscal_year, m.fiscal_year_first_month, 1) + interval '1 year - 1 day')::date", DAY,
            _("Dernier jour."), "2027-06-30",
        ),
        Column("amount_usd", "e.amount_usd", MONEY, _("Montant, USD."), 4000000.00),
        Column("reserved_usd", "e.reserved_usd", MONEY, _("Réservé par les projets approuvés, USD."), 1250000.00),
        Column("available_usd", "e.amount_usd - e.reserved_usd", MONEY, _("Disponible, USD."), 2750000.00),
    ),
)  # fmt: skip

STAGE = """CASE WHEN k.withdrawn_on IS NOT NULL THEN 'withdrawn' WHEN k.signed_on IS NULL THEN 'pledged'
    WHEN k.received_amount = 0 THEN 'signed' WHEN k.received_amount = k.signed_amount THEN 'received'
    ELSE 'partly_received' END"""
RECEIPT = thing(received_on=DAY, amount=MONEY, amount_usd=MONEY)


def contributions_of(reader: Reader) -> QuerySet:
    """A promise that was taken back is no longer published."""
    found = Contribution.objects.all()
    return found.filter(withdrawn_on__isnull=True) if reader.published_only else found


def were_contributions(keys: list[int]) -> set[int]:
    return set(Contribution.objects.filter(pk__in=keys).values_list("pk", flat=True))


CONTRIBUTIONS = Resource(
    name="contributions",
    kind="contribution",
    title=_("Contributions"),
    says=_("Ce que les donateurs annoncent, signent et versent. Chaque montant est dans la monnaie du donateur, avec son équivalent en USD."),
    tag=_("Argent"),
    model=Contribution,
    alias="k",
    source="""funds_contribution k
        LEFT JOIN funds_organisation d ON d.id = k.donor_id LEFT JOIN funds_mechanism m ON m.code = k.mechanism_id
        LEFT JOIN regions_region r ON r.id = k.region_id""",
    rows=contributions_of,
    may=reads_money,
    was_shown=were_contributions,
    filtering=FormFilters(
        ContributionFilter,
        lambda rows, wanted, reader: rows.filter(pk__in=filtered(dict(wanted)).values("pk")) if any(wanted.values()) else rows,
        (("recentes", "-pledged_on", _("Plus récentes")), ("montant", "-pledged_usd", _("Montant décroissant"))),
    ),
    columns=(
        Column("id", "k.id", KEY, _("Numéro dans le portail."), 3),
        Column("reference", "k.reference", TEXT, _("Référence."), "CTB-2026-003"),
        Column("title", "k.title", TEXT, _("Objet."), "Appui à la paix et à la sécurité"),
        Column("fund", fund("m"), FUND, _("Mécanisme que la contribution alimente."),
               {"code": "TF", "name_fr": "Fonds fiduciaire", "name_en": "Trust Fund"}),
        Column("donor", organisation("d"), ORGANISATION, _("Donateur."), {"id": 12, "name": "Danemark", "acronym": ""}),
        Column("region", region("r"), maybe(REGION), _("Région à laquelle elle est affectée ; vide : aucune."), None),
        Column("theme", "k.theme", TEXT, _("Famille de secteurs à laquelle elle est affectée ; vide : aucune."), ""),
        Column("stage", STAGE, one_of(Stage), _("Où elle en est."), "partly_received"),
        Column("currency", "k.currency", one_of(DonorCurrency), _("Monnaie du donateur (ISO 4217)."), "DKK"),
        Column("pledged_on", "k.pledged_on", DAY, _("Annoncée le."), "2026-02-10"),
        Column("pledged_amount", "k.pledged_amount", MONEY, _("Annoncé, monnaie du donateur."), 7000000.00),
        Column("pledged_usd", "k.pledged_usd", MONEY, _("Annoncé, USD au taux du jour."), 1014492.75),
        Column("signed_on", "k.signed_on", maybe(DAY), _("Signée le."), "2026-04-02"),
        Column("signed_amount", "k.signed_amount", maybe(MONEY), _("Signé, monnaie du donateur."), 7000000.00),
        Column("signed_usd", "k.signed_usd", maybe(MONEY), _("Signé, USD au taux de la signature."), 1020408.16),
        Column("received_amount", "k.received_amount", MONEY, _("Reçu, monnaie du donateur."), 3500000.00),
        Column("received_usd", "k.received_usd", MONEY, _("Reçu, USD au taux de chaque virement."), 510204.08),
        Column("allocated_usd", "k.allocated_usd", MONEY, _("Tenu par des projets, USD."), 250000.00),
        Column(
            "receipts",
            "COALESCE((SELECT json_agg(json_build_object('received_on', x.received_on, 'amount', x.amount, 'amount_usd',"
            " x.amount_usd) ORDER BY x.received_on, x.id) FROM funds_contributionreceipt x"
            " WHERE x.contribution_id = k.id AND x.cancelled_at IS NULL), '[]')",
            list_of(RECEIPT),
            _("Virements reçus."),
            [{"received_on": "2026-05-03", "amount": 3500000.00, "amount_usd": 510204.08}],
        ),
    ),
)  # fmt: skip
