"""Projects of the Peacebuilding Fund and of the Trust Fund over three fiscal years, with United Nations recipients and NGOs.

Told by the same services as the others: their tranches follow the mechanism's plan, their reports its calendar.
"""

import datetime as dt
from decimal import Decimal

from .life import SMOOTH
from .plausible import Plausible
from .story import Story

# Recipients: name, kind, region of their seat.
RECIPIENTS = (
    ("Organisation internationale pour les migrations", "un_agency", "ML-BKO"),
    ("ONU Femmes", "un_agency", "ML-BKO"),
    ("Réseau sahélien pour la médiation", "ngo_international", "ML-BKO"),
)
SHARES = (
    ("training", "Dialogues intercommunautaires et médiation", "session", 34),
    ("equipment", "Équipement des comités de paix et des services", "lot", 28),
    ("works", "Petits ouvrages choisis par les communautés", "lot", 22),
    ("supervision", "Suivi et évaluation", "mois", 11),
    ("visibility", "Radios locales et restitution publique", "forfait", 5),
)
# When the draft is begun, mechanism, title, region, cercle, locality, sector, recipient, months, USD.
PROJECTS = (
    ("2024-01-15", "PBF", "Femmes médiatrices des cercles d’Ansongo et de Bourem", "ML-7", "Ansongo", "Ansongo", "15220", 1, 12, 900_000),
    ("2024-03-04", "TF", "Brigades mixtes d’entretien des pistes de la région de Mopti", "ML-5", "Mopti", "Sévaré", "21010", 2, 10, 480_000),
    ("2025-01-13", "PBF", "Gestion concertée des pâturages entre Gao et Ménaka", "ML-9", "Ménaka", "Andéramboukane", "15220", 2, 30, 1_800_000),
    ("2025-06-02", "PBF", "Retour et réinsertion des déplacés de la bande du fleuve", "ML-6", "Tombouctou", "Tombouctou", "15220", 0, 18, 2_400_000),
    ("2025-09-15", "TF", "Appui aux tribunaux et aux maisons du droit de la région de Gao", "ML-7", "Gao", "Gao", "15130", 2, 18, 750_000),
)  # fmt: skip
XOF = 560


def tell_long_projects(story: Story) -> None:
    """Each from its draft on, at the days on which it would have happened; some are closed, some under way."""
    for begun, mechanism, title, region, cercle, locality, sector, recipient, months, amount in PROJECTS:
        idea = Plausible(
            mechanism=mechanism, title=title, region=region, cercle=cercle, locality=locality, sector=sector,
            works=False, security=False, sponsor="stabilisation", partner=-1, months=months, people=4_000, end="approved",
            partner_name=RECIPIENTS[recipient][0],
            lines=tuple((c, label, unit, Decimal(amount * XOF * share // 100)) for c, label, unit, share in SHARES),
        )  # fmt: skip
        story.tell(idea, dt.date.fromisoformat(begun), SMOOTH)
