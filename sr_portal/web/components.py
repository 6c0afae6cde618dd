"""What the style page shows, while developing."""

import datetime as dt

from django import forms


class StyleForm(forms.Form):
    title = forms.CharField(label="Titre du projet", help_text="Ce que l’on construit, où et pour qui.", max_length=120)
    sector = forms.ChoiceField(
        label="Secteur", choices=[("", "Choisir…"), ("e", "Électricité"), ("s", "Santé de base")]
    )
    amount = forms.DecimalField(label="Montant demandé")
    starts_on = forms.DateField(label="Début souhaité", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    need = forms.CharField(label="Besoin exprimé", widget=forms.Textarea(attrs={"rows": 3}))
    decision = forms.ChoiceField(
        label="Réponse", choices=[("y", "Oui"), ("n", "Non"), ("na", "Sans objet")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Je déclare n’avoir aucun intérêt dans ce partenaire")


ROAD = [
    {"label": "Brouillon", "status": "done", "when": dt.date(2026, 11, 1)},
    {"label": "Soumise", "status": "done", "when": dt.date(2026, 11, 3)},
    {"label": "Présélection", "status": "done", "when": dt.date(2026, 11, 11)},
    {"label": "En comité", "status": "current", "note": "depuis 12 jours"},
    {"label": "Recommandation", "status": "todo"},
    {"label": "Décision", "status": "todo"},
]
FORM_STEPS = [
    {"label": "Le projet", "url": "#", "is_current": False, "lacks": 0},
    {"label": "Le lieu", "url": "#", "is_current": False, "lacks": 0},
    {"label": "Besoin et objectif", "url": "#", "is_current": True, "lacks": 2},
    {"label": "Bénéficiaires", "url": "#", "is_current": False, "lacks": 1},
    {"label": "Budget", "url": "#", "is_current": False, "lacks": None},
]
