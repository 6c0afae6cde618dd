"""Forty activities of partners beside the section's own projects: plausible, always the same, placed where they would be."""

import datetime as dt
import random
from decimal import Decimal

from django.utils import timezone

from funds.activity_rules import in_usd
from funds.models import Organisation, PartnerActivity
from regions.models import Cercle, Region
from sr_portal.demo.story import Story
from sr_portal.web import clock

COUNT = 40
AGENCIES = (
    ("Fonds des Nations Unies pour l’enfance", "UNICEF", "un_agency"),
    ("Programme des Nations Unies pour le développement", "PNUD", "un_agency"),
    ("Programme alimentaire mondial", "PAM", "un_agency"),
    ("Organisation des Nations Unies pour l’alimentation et l’agriculture", "FAO", "un_agency"),
    ("Agence française de développement", "AFD", "donor"),
    ("Coopération danoise au développement", "Danida", "donor"),
    ("Comité d’entraide du Fleuve (international)", "CEFI", "ngo_international"),
    ("Solidarité Boucle du Niger", "SBN", "ngo_national"),
)
# DAC code, what, beneficiaries per 10,000 USD.
WORKS = (
    ("14031", "Réhabilitation de points d’eau", 180),
    ("12230", "Équipement de centres de santé communautaires", 150),
    ("11120", "Réhabilitation de salles de classe", 60),
    ("31163", "Vaccination et alimentation du bétail", 90),
    ("31140", "Aménagement de périmètres irrigués", 40),
    ("15220", "Dialogue entre communautés et comités de paix", 120),
    ("23230", "Éclairage solaire de lieux publics", 200),
    ("15153", "Appui aux radios communautaires", 400),
    ("24030", "Caisses villageoises d’épargne de femmes", 35),
    ("21010", "Désenclavement par des pistes rurales", 300),
)
PLACES = (
    ("ML-7", "Gao", 16.27, -0.04), ("ML-7", "Bourem", 16.95, -0.35), ("ML-7", "Ansongo", 15.66, 0.50),
    ("ML-6", "Tombouctou", 16.77, -3.01), ("ML-6", "Diré", 16.26, -3.40), ("ML-6", "Niafunké", 15.93, -3.99),
    ("ML-5", "Mopti", 14.49, -4.19), ("ML-5", "Bandiagara", 14.35, -3.61), ("ML-5", "Douentza", 15.00, -2.95),
    ("ML-8", "Kidal", 18.44, 1.41), ("ML-9", "Ménaka", 15.92, 2.40), ("ML-4", "Niono", 14.25, -5.99),
)  # fmt: skip
FUNDERS = ("Union européenne", "Banque mondiale", "Fonds de consolidation de la paix", "Norvège", "")


def tell_activities(story: Story) -> None:
    draw = random.Random(4)
    agencies = [_agency(story, *one) for one in AGENCIES]
    regions = {region.code: region for region in Region.objects.without_outline()}
    cercles = {(cercle.region_id, cercle.name): cercle for cercle in Cercle.objects.all()}
    with clock.at(_moment(story.today - dt.timedelta(days=20))), story.acting("chef.section") as head:
        made = [_activity(rank, draw, agencies, regions, cercles, story, head) for rank in range(COUNT)]
        PartnerActivity.objects.bulk_create(made)


def _agency(story: Story, name: str, acronym: str, kind: str) -> Organisation:
    found = Organisation.objects.filter(acronym=acronym).first() or Organisation.objects.filter(name=name).first()
    return found or Organisation.objects.create(name=name, acronym=acronym, kind=kind, is_ptf=True)


def _activity(rank, draw, agencies, regions, cercles, story, head) -> PartnerActivity:
    code, work, reach = WORKS[rank % len(WORKS)]
    place = PLACES[(rank * 5) % len(PLACES)] if rank % 13 != 7 else None
    organisation = agencies[(rank * 3) % len(agencies)]
    starts = story.today + dt.timedelta(days=draw.randint(-500, 90))
    ends = starts + dt.timedelta(days=draw.choice((180, 365, 540)))
    status = "planned" if starts > story.today else "done" if ends < story.today else "ongoing"
    currency, unit = draw.choice((("USD", 1), ("EUR", 1), ("XOF", 600)))
    amount = Decimal(draw.randint(8, 190) * 5_000 * unit)
    rate = story.rates.get(max(month for month in story.rates if month <= max(starts, min(story.rates))))
    usd = in_usd(amount, currency, rate)
    region = regions[place[0]] if place else None
    return PartnerActivity(
        organisation=organisation,
        implementer=draw.choice(("", "Association Kanuya", "Réseau des femmes du fleuve", "Directions régionales")),
        funder=draw.choice(FUNDERS),
        title=f"{work} ({place[1]})" if place else f"{work}, programme national",
        sector_id=code,
        region=region,
        cercle=cercles.get((region.pk, place[1])) if place and region else None,
        locality=place[1] if place else "",
        latitude=Decimal(str(place[2])) if place else None,
        longitude=Decimal(str(place[3])) if place else None,
        starts_on=starts,
        ends_on=ends,
        status=status if rank != 17 else "cancelled",
        amount=amount,
        currency=currency,
        amount_usd=usd,
        beneficiaries=int(usd / 10_000 * reach) if usd else None,
        external_id=f"{organisation.acronym}-ML-{2026 if rank % 2 else 2025}-{rank + 1:03}",
        created_by=head,
    )


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10), tzinfo=timezone.get_default_timezone())
