"""What the Peacebuilding Fund and the Trust Fund ask of a proposal: focus areas, markers, questions (domain guide §1).

The gender marker goes from 0 to 3 and the risk marker from 0 to 2, as in the guidelines of the PBF.
"""

from django.db import migrations

FOCUS_AREAS = (
    ("1-1", "1.1 Réforme du secteur de la sécurité", "1.1 Security sector reform"),
    ("1-2", "1.2 État de droit", "1.2 Rule of law"),
    ("1-3", "1.3 Désarmement, démobilisation et réintégration", "1.3 Disarmament, demobilisation and reintegration"),
    ("1-4", "1.4 Dialogue politique", "1.4 Political dialogue"),
    ("2-1", "2.1 Réconciliation nationale", "2.1 National reconciliation"),
    ("2-2", "2.2 Gouvernance démocratique", "2.2 Democratic governance"),
    ("2-3", "2.3 Prévention et gestion des conflits", "2.3 Conflict prevention and management"),
    ("3-1", "3.1 Emploi", "3.1 Employment"),
    ("3-2", "3.2 Accès équitable aux services sociaux", "3.2 Equitable access to social services"),
    ("4-1", "4.1 Capacités essentielles de l’État", "4.1 Essential national state capacities"),
    ("4-2", "4.2 Autorité de l’État et administration locale", "4.2 State authority and local administration"),
    ("4-3", "4.3 Gouvernance des ressources de la paix", "4.3 Governance of peacebuilding resources"),
)
MARKERS = (
    (
        "gender", "Marqueur de genre", "Gender marker",
        "Part du budget consacrée à l’égalité des sexes et à l’autonomisation des femmes.",
        "Share of the budget for gender equality and women’s empowerment.",
        (
            ("Aucune contribution à l’égalité des sexes", "No contribution to gender equality"),
            ("Contribution limitée, moins de 30 pour cent du budget", "Some contribution, less than 30 per cent of the budget"),
            ("Objectif important, de 30 à 79 pour cent du budget", "Significant objective, 30 to 79 per cent of the budget"),
            ("Objectif principal, 80 pour cent du budget ou davantage", "Principal objective, 80 per cent of the budget or more"),
        ),
    ),
    (
        "risk", "Marqueur de risque", "Risk marker",
        "Risque que le projet n’atteigne pas ses effets.", "Risk that the project does not reach its outcomes.",
        (("Risque faible", "Low risk"), ("Risque moyen", "Medium risk"), ("Risque élevé", "High risk")),
    ),
)  # fmt: skip
# mechanism → (code, heading, ((code, question, help, required), …), …), each in French and in English
SECTIONS = {
    "PBF": (
        (
            "peace", "Consolidation de la paix", "Peacebuilding",
            (
                (
                    "conflict", "Analyse du conflit", "Conflict analysis",
                    "Les facteurs de conflit auxquels le projet répond, et avec qui l’analyse a été faite.",
                    "The drivers of conflict that the project answers, and with whom they were analysed.", True,
                ),
                (
                    "plan", "Lien avec le plan prioritaire", "Link with the priority plan",
                    "Le résultat du plan prioritaire de consolidation de la paix auquel le projet contribue.",
                    "The outcome of the peacebuilding priority plan to which the project contributes.", True,
                ),
                (
                    "change", "Théorie du changement", "Theory of change",
                    "Si l’on fait ceci, alors cela changera, parce que…", "If we do this, then that will change, because…", True,
                ),
                (
                    "catalytic", "Effet catalytique", "Catalytic effect",
                    "Les fonds ou les processus que le projet débloque, et la suite après lui.",
                    "The funds or processes that the project unlocks, and what follows it.", False,
                ),
            ),
        ),
    ),
    "TF": (
        (
            "concept", "Note conceptuelle", "Concept note",
            (
                (
                    "summary", "Résumé de la note conceptuelle", "Summary of the concept note",
                    "En dix lignes : le problème, la réponse et ce qui en restera.",
                    "In ten lines: the problem, the answer and what will remain of it.", True,
                ),
                (
                    "plan", "Lien avec le plan régional de stabilisation et de relèvement",
                    "Link with the regional stabilisation and recovery plan",
                    "L’axe et la priorité que le projet sert.", "The axis and the priority that the project serves.", True,
                ),
                (
                    "exit", "Stratégie de sortie", "Exit strategy",
                    "Qui reprend les charges et les activités, et avec quels moyens.",
                    "Who takes over the costs and the activities, and with what means.", True,
                ),
            ),
        ),
    ),
}  # fmt: skip


def load(apps, schema_editor):
    def model(name):
        return apps.get_model("funds", name).objects

    for rank, (code, name_fr, name_en) in enumerate(FOCUS_AREAS, start=1):
        model("FocusArea").create(mechanism_id="PBF", code=code, name_fr=name_fr, name_en=name_en, position=rank)
    for rank, (code, name_fr, name_en, help_fr, help_en, levels) in enumerate(MARKERS, start=1):
        marker = model("Marker").create(
            mechanism_id="PBF", code=code, name_fr=name_fr, name_en=name_en, help_fr=help_fr, help_en=help_en,
            position=rank,
        )  # fmt: skip
        for level, (fr, en) in enumerate(levels):
            model("MarkerLevel").create(marker=marker, level=level, name_fr=fr, name_en=en)
    for mechanism, sections in SECTIONS.items():
        for place, (code, name_fr, name_en, questions) in enumerate(sections, start=1):
            section = model("FormSection").create(
                mechanism_id=mechanism, code=code, name_fr=name_fr, name_en=name_en, position=place
            )
            for rank, (key, fr, en, help_fr, help_en, required) in enumerate(questions, start=1):
                model("FormQuestion").create(
                    section=section, code=key, name_fr=fr, name_en=en, help_fr=help_fr, help_en=help_en,
                    required=required, position=rank,
                )  # fmt: skip


def unload(apps, schema_editor):
    for name in ("FormSection", "Marker", "FocusArea"):
        apps.get_model("funds", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("funds", "0012_carry_overs")]
    operations = [migrations.RunPython(load, unload)]
