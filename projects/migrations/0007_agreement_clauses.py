"""Template clauses of the agreement, one for each article, in both languages; administrators edit them afterwards.

They follow the DPKO/DFS policy on QIPs (purpose, ceiling, length, recurrent costs), the Secretary-General's bulletin
ST/SGB/2003/13 (sexual exploitation and abuse), and the domain guide §3, §7 and §8.
"""

from django.db import migrations

# (kind, mechanism or None for all, position, French, English)
CLAUSES = (
    (
        "obligations",
        None,
        1,
        """Le partenaire exécute le projet décrit en annexe, selon le calendrier et le budget convenus, avec le soin et la diligence d’un professionnel. Il répond de ses agents, de ses fournisseurs et de ses sous-traitants ; aucun d’eux n’est agent des Nations Unies.

Il n’emploie les fonds qu’au projet. Sont exclus les salaires d’agents de l’État, les dettes, l’achat de terrain, les charges récurrentes, ce que d’autres financent déjà et tout ce qui profiterait à un groupe armé.

Il laisse la mission, et toute personne qu’elle désigne, visiter le chantier et consulter les comptes et les pièces à tout moment. Il signale sans délai tout ce qui retarde le projet ou met des personnes en danger. Il remet un rapport avant chaque tranche qui suit la première, puis un rapport narratif et un rapport financier à la fin.

La mission verse les fonds selon le plan des tranches, suit l’exécution et facilite les contacts avec les autorités. Elle ne répond pas envers les tiers des actes du partenaire.

À l’achèvement, l’ouvrage est remis à son propriétaire par un procès-verbal de réception, qui nomme la personne chargée de l’entretien.""",
        """The partner carries out the project described in the annex, within the agreed timeline and budget, with professional care and diligence. It answers for its staff, suppliers and subcontractors; none of them is an agent of the United Nations.

It uses the funds for the project only. Salaries of civil servants, debts, the purchase of land, recurrent costs, whatever others already fund and anything that would benefit an armed group are excluded.

It lets the mission, and anybody the mission designates, visit the site and consult accounts and receipts at any time. It reports without delay whatever holds the project back or puts people in danger. It submits a report before each instalment after the first, then a narrative and a financial report at the end.

The mission pays the funds according to the instalment plan, follows the work and eases contacts with the authorities. It is not liable to third parties for the acts of the partner.

On completion, what was built or supplied is handed over to its owner by a handover record, which names who is in charge of its upkeep.""",
    ),
    (
        "obligations",
        "QIP",
        2,
        """Le projet est un projet à impact rapide. Il ne peut coûter plus de 50 000 USD, ni durer plus de six mois à compter de la date de début, avenants compris. Une suspension n’allonge pas ce délai.""",
        """The project is a Quick Impact Project. It may cost no more than 50,000 USD and last no longer than six months from its start date, amendments included. A suspension does not extend this time.""",
    ),
    (
        "payment",
        None,
        1,
        """Les fonds sont versés par tranches, selon le plan annexé, sur le seul compte bancaire ouvert au nom du partenaire et vérifié par la mission.

Chaque tranche qui suit la première n’est versée qu’une fois acceptés le rapport et les pièces justificatives de ce qui a été payé, à hauteur de la part fixée au plan, et après une visite qui n’a relevé aucun constat bloquant. La dernière est retenue jusqu’à l’acceptation des rapports finals.

Le partenaire tient une comptabilité propre au projet et garde les originaux des pièces cinq ans après la clôture. Chaque pièce porte sa date, le fournisseur, l’objet et le montant.

Les virements entre lignes du budget dans la limite fixée par le mécanisme sont soumis à l’accord écrit de la mission ; au-delà, un avenant est nécessaire.

Ce qui n’est pas dépensé, ou ne peut être justifié, est remboursé dans les trente jours de la demande.""",
        """Funds are paid in instalments, according to the annexed plan, to the one bank account opened in the partner’s own name and verified by the mission.

Each instalment after the first is paid only once the report and the receipts for what was paid have been accepted, up to the share set in the plan, and after a visit that found nothing blocking. The last one is held back until the final reports are accepted.

The partner keeps separate accounts for the project and holds the original receipts for five years after closure. Each receipt bears its date, the supplier, the purpose and the amount.

Moves between budget lines within the limit of the mechanism need the mission’s written consent; beyond it, an amendment is required.

Whatever is not spent, or cannot be justified, is refunded within thirty days of the request.""",
    ),
    (
        "visibility",
        None,
        1,
        """Le partenaire fait connaître que le projet est financé par les Nations Unies, selon le plan de visibilité annexé : panneau de chantier, plaque sur l’ouvrage, mention dans les cérémonies et auprès des médias. Il soumet tout emblème et tout texte à l’accord préalable de la mission.

Aucune mesure de visibilité n’est prise quand elle mettrait en danger la population, le partenaire ou le personnel ; la mission peut à tout moment demander qu’elle soit retirée.

La mission peut publier la description du projet, son coût, ses résultats et ses photographies. Nul n’est photographié sans y avoir consenti ; un enfant, sans l’accord de ses parents.""",
        """The partner makes it known that the project is funded by the United Nations, according to the annexed visibility plan: site board, plaque, mention at ceremonies and to the media. It submits every emblem and text to the mission for prior consent.

No visibility measure is taken when it would endanger the population, the partner or staff; the mission may ask for its removal at any time.

The mission may publish the description of the project, its cost, its results and its photographs. Nobody is photographed without having agreed; a child, not without the consent of its parents.""",
    ),
    (
        "ethics",
        None,
        1,
        """Le partenaire agit avec intégrité, impartialité et respect des populations, sans distinction de sexe, d’âge, de handicap, d’origine, de religion ou d’opinion. Il veille à ne pas nuire : il n’aggrave aucune tension entre communautés et protège les données des personnes.

Exploitation et abus sexuels. La tolérance est nulle. Est interdit tout échange d’argent, d’emploi, de biens ou de services contre des relations sexuelles, et toute activité sexuelle avec une personne de moins de dix-huit ans, quel que soit l’âge de la majorité dans le pays. Le partenaire prend toutes mesures pour les prévenir, informe son personnel et les bénéficiaires des moyens de se plaindre, signale aussitôt à la mission tout soupçon dont il a connaissance, coopère à l’enquête et protège les victimes et ceux qui parlent. Un manquement met fin au protocole (circulaire ST/SGB/2003/13 du Secrétaire général).

Le travail des enfants et le travail forcé sont interdits. La sécurité du chantier et le respect du droit du travail incombent au partenaire.

Le partenaire respecte l’environnement et remet les lieux en état. Il ne soutient, directement ou non, ni personne ni entité inscrite sur les listes de sanctions du Conseil de sécurité. Quand des forces de sécurité bénéficient du projet, la politique de diligence raisonnable en matière de droits de l’homme s’applique.""",
        """The partner acts with integrity, impartially and with respect for the population, without distinction of sex, age, disability, origin, religion or opinion. It does no harm: it makes no tension between communities worse and protects personal data.

Sexual exploitation and abuse. There is zero tolerance. Any exchange of money, employment, goods or services for sex is prohibited, and so is any sexual activity with a person under eighteen, whatever the local age of majority. The partner takes all measures to prevent them, tells its staff and the beneficiaries how to complain, reports to the mission at once any suspicion that comes to its knowledge, cooperates with the investigation and protects victims and those who speak up. A breach ends the agreement (Secretary-General’s bulletin ST/SGB/2003/13).

Child labour and forced labour are prohibited. Safety on site and compliance with labour law rest with the partner.

The partner respects the environment and restores the premises. It supports, directly or not, no person or entity on the sanctions lists of the Security Council. Where security forces benefit from the project, the human rights due diligence policy applies.""",
    ),
    (
        "fraud",
        None,
        1,
        """Le partenaire ne tolère ni fraude, ni corruption, ni collusion, ni conflit d’intérêts. Il n’offre, ne promet, ne demande ni n’accepte d’avantage indu, et n’en remet aucun à un agent des Nations Unies ou de l’État.

Il choisit ses fournisseurs par mise en concurrence, sur trois devis au-dessus du seuil du mécanisme, et ne traite avec aucune entreprise dans laquelle l’un de ses responsables a un intérêt sans l’avoir déclaré.

Il signale aussitôt tout soupçon à la mission. Les services de contrôle des Nations Unies peuvent enquêter et vérifier les comptes pendant l’exécution et cinq ans après. En cas de manquement, la mission suspend les versements, met fin au protocole et recouvre les sommes en cause.""",
        """The partner tolerates no fraud, corruption, collusion or conflict of interest. It neither offers, promises, asks for nor accepts any undue advantage, and gives none to any agent of the United Nations or of the State.

It chooses its suppliers by competition, on three quotes above the threshold of the mechanism, and deals with no firm in which one of its officers holds an interest without having declared it.

It reports any suspicion to the mission at once. The oversight services of the United Nations may investigate and audit the accounts during the project and for five years afterwards. In case of a breach, the mission suspends payments, ends the agreement and recovers the sums at stake.""",
    ),
    (
        "end",
        None,
        1,
        """Le protocole prend effet à la dernière des deux signatures et prend fin à la clôture du projet. Il ne se modifie que par un avenant signé.

La mission peut suspendre le projet, par écrit et motifs à l’appui, quand la sécurité, un retard ou un manquement l’exige ; aucune tranche n’est alors versée. Chaque partie peut mettre fin au protocole par un préavis écrit de quinze jours, la mission sans préavis en cas de manquement grave. Le partenaire rend alors compte de ce qui a été payé et rembourse ce qui n’est ni dépensé ni justifié.

Aucune des parties ne répond d’un retard dû à la force majeure, qu’elle signale dès qu’elle en a connaissance.

Les différends se règlent à l’amiable ; à défaut, par arbitrage selon le règlement de la Commission des Nations Unies pour le droit commercial international alors en vigueur. Rien dans le présent protocole ne vaut renonciation, expresse ou tacite, aux privilèges et immunités des Nations Unies.""",
        """The agreement takes effect with the later of the two signatures and ends when the project is closed. It changes only by a signed amendment.

The mission may suspend the project, in writing and with reasons, when security, a delay or a breach requires it; no instalment is then paid. Either party may end the agreement with fifteen days’ written notice, and the mission without notice in case of a serious breach. The partner then accounts for what was paid and refunds what is neither spent nor justified.

Neither party answers for a delay due to force majeure, which it reports as soon as it knows of it.

Disputes are settled amicably; failing that, by arbitration under the rules of the United Nations Commission on International Trade Law then in force. Nothing in this agreement is a waiver, express or implied, of the privileges and immunities of the United Nations.""",
    ),
)


def load(apps, schema_editor):
    clauses = apps.get_model("projects", "AgreementClause")
    for kind, mechanism, position, text_fr, text_en in CLAUSES:
        clauses.objects.create(
            kind=kind, mechanism_id=mechanism, position=position, text_fr=text_fr, text_en=text_en, active=True
        )


def unload(apps, schema_editor):
    """Only what was never changed since goes away; an agreement keeps its own copy."""
    clauses = apps.get_model("projects", "AgreementClause")
    for kind, mechanism, position, text_fr, text_en in CLAUSES:
        clauses.objects.filter(
            kind=kind, mechanism_id=mechanism, position=position, text_fr=text_fr, text_en=text_en
        ).delete()


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_agreement_functions"), ("funds", "0004_bank_accounts")]
    operations = [migrations.RunPython(load, unload)]
