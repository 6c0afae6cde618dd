"""What people are asked of visits: when and who, why not after all, the report made on site with its photos."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.forms import formset_factory
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from projects import visit_access
from projects.models import PhotoStage, Quality, Safety, Visit, VisitKind
from projects.services.visit_reports import REPORTED, NewPhoto
from sr_portal.accounts.models import User
from sr_portal.web import clock

from .findings import FindingForm, person_field
from .proposal_annexes import FilesField, FilesInput
from .proposal_base import CoordinateField

LONG = 6000  # characters of a free text
PHOTO_TYPES = "image/jpeg,image/png,image/webp"
MOST_AT_ONCE = 10
FINDINGS_AT_ONCE = 20


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d")
    widget.input_type = "date"
    return forms.DateField(label=label, widget=widget, **options)


def text_field(label: Any, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


# --- The plan --------------------------------------------------------------------------------------------------------
class VisitForm(forms.Form):
    """A visit to plan."""

    kind = forms.ChoiceField(label=_("Type de visite"), choices=VisitKind.choices, initial=VisitKind.OTHER)
    planned_on = day_field(
        _("Prévue le"), help_text=_("Pour une visite déjà faite, donnez le jour où elle a eu lieu.")
    )  # fmt: skip
    visitor = person_field(_("Responsable de la visite"))

    def __init__(self, *args, project, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visitor"].queryset = visitors_open_to(user, project)


class RescheduleForm(forms.Form):
    planned_on = day_field(_("Prévue le"))
    visitor = person_field(_("Responsable de la visite"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, visit: Visit, user: User, **kwargs) -> None:
        initial = {"planned_on": visit.planned_on, "visitor": visit.visitor_id, "version": visit.version}
        super().__init__(*args, initial={**initial, **(kwargs.pop("initial", None) or {})}, **kwargs)
        self.fields["visitor"].queryset = visitors_open_to(user, visit.project, visit.visitor_id)


def visitors_open_to(user: User, project, present: int | None = None):
    """Whom this user may name: anybody who may go, or themselves and whoever is named already."""
    people = visit_access.visitors_of(project)
    if visit_access.rights_of(user, project).directs:
        return people
    return people.filter(pk__in=[pk for pk in (user.pk, present) if pk])


class CancelForm(forms.Form):
    """`replaced_on` is asked for when the visit is the only one of a mandatory kind."""

    reason = forms.CharField(
        label=_("Motif"), max_length=250, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Indiquez le motif de l’annulation.")},
    )  # fmt: skip
    replaced_on = day_field(_("Date de la visite qui la remplace"), required=False)

    def __init__(self, *args, indispensable: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        replaced = self.fields["replaced_on"]
        replaced.required = indispensable
        replaced.error_messages["required"] = _(
            "Cette visite est obligatoire : donnez la date de celle qui la remplace."
        )
        if not indispensable:
            replaced.help_text = _("Laissez vide si aucune autre visite ne la remplace.")


# --- The report ------------------------------------------------------------------------------------------------------
class PhotosField(FilesField):
    """None, one photo or several."""

    widget = FilesInput(attrs={"accept": PHOTO_TYPES})

    def clean(self, data, initial=None):
        return super().clean(data, initial) if data else []


class FindingRows(forms.BaseFormSet):
    """The findings made during a visit; a row without text is no finding."""

    def new_findings(self) -> list:
        return [row.new for row in self.forms if row.has_changed()]


FindingRowsOf = formset_factory(FindingForm, formset=FindingRows, extra=1, max_num=FINDINGS_AT_ONCE, absolute_max=40)


class ReportForm(forms.Form):
    """The report of a visit, with its findings and photos: `rows` is valid or not with the form itself."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    done_on = day_field(_("Visite faite le"), error_messages={"required": _("Indiquez le jour de la visite.")})
    participants = forms.CharField(
        label=_("Participants"), max_length=300, required=False,
        help_text=_("Qui était de la visite : sections de la mission, services techniques, ingénieur…"),
    )  # fmt: skip
    people_met = forms.CharField(
        label=_("Personnes rencontrées"), max_length=300, required=False,
        help_text=_("Sur place : partenaire, maire, comité de gestion, bénéficiaires…"),
    )  # fmt: skip
    progress = forms.IntegerField(  # its bounds are the rule's (`validate_report`)
        label=_("Avancement des travaux"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 100}),
        error_messages={"required": _("Indiquez l’avancement des travaux.")},
    )  # fmt: skip
    quality = forms.ChoiceField(
        label=_("Qualité des travaux"), choices=Quality.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Jugez la qualité des travaux.")},
    )  # fmt: skip
    safety = forms.ChoiceField(
        label=_("Sécurité"), choices=Safety.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Jugez la sécurité du chantier.")},
    )  # fmt: skip
    observations = text_field(_("Observations"), help_text=_("Ce qui a été vu, avec les quantités et les écarts."))
    recommendations = text_field(_("Recommandations"), rows=3)
    latitude = CoordinateField(label=_("Latitude"), required=False, max_digits=8, decimal_places=5)
    longitude = CoordinateField(label=_("Longitude"), required=False, max_digits=8, decimal_places=5)
    accuracy_m = forms.IntegerField(
        label=_("Précision (m)"), required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput
    )

    def __init__(self, data=None, files=None, *, visit: Visit | None, initial=None, **kwargs) -> None:
        """Without a visit, the form is blank and offers nobody: the notebook fills it on the device."""
        self.visit = visit
        super().__init__(data, files, initial={**self.stored(visit), **(initial or {})}, **kwargs)
        self.fields["latitude"].help_text = _("En degrés décimaux : 16,27167.")
        self.fields["longitude"].help_text = _("Négative à l’ouest de Greenwich : -0,04472.")
        for stage, label in PHOTO_FIELDS.items():
            self.fields[f"photos_{stage.value}"] = PhotosField(label=label, required=False)
        project = visit.project if visit else None
        self.rows = FindingRowsOf(data, prefix="findings", form_kwargs={"project": project, "visit": visit})

    @staticmethod
    def stored(visit: Visit | None) -> dict[str, Any]:
        """What the form shows first: the report on file, or today for one still to write."""
        if visit is None:
            return {}
        if visit.state == "done":
            return {name: getattr(visit, name) for name in REPORTED} | {"version": visit.version}
        return {"version": visit.version, "done_on": clock.today()}

    def is_valid(self) -> bool:
        fine = super().is_valid()
        if self.is_bound and not self.rows.is_valid():
            if not self.has_error(forms.forms.NON_FIELD_ERRORS, code="rows"):
                text = _now("Un constat est incomplet : voyez plus bas.")
                self.add_error(None, forms.ValidationError(text, code="rows"))
            return False
        return fine

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in REPORTED}

    stages = PhotoStage.choices

    @property
    def photo_fields(self) -> list[forms.BoundField]:
        return [self[f"photos_{stage.value}"] for stage in PHOTO_FIELDS]

    @property
    def photos(self) -> list[NewPhoto]:
        return [
            NewPhoto(upload=upload, stage=stage)
            for stage in PHOTO_FIELDS
            for upload in self.cleaned_data.get(f"photos_{stage.value}") or []
        ]


PHOTO_FIELDS = {
    PhotoStage.BEFORE: _("Photos avant les travaux"),
    PhotoStage.DURING: _("Photos pendant les travaux"),
    PhotoStage.AFTER: _("Photos après les travaux"),
}


class PhotoForm(forms.Form):
    """Photos joined to a report already filed; the device sends them one by one, each with its `key`."""

    photos = PhotosField(
        label=_("Photos"),
        help_text=format_lazy(
            _("JPEG, PNG ou WebP ; {limit} au plus par photo, {count} à la fois."),
            limit=filesizeformat(settings.MAX_UPLOAD_BYTES), count=MOST_AT_ONCE,
        ),
    )  # fmt: skip
    stage = forms.ChoiceField(
        label=_("Prises"), choices=PhotoStage.choices, initial=PhotoStage.DURING, widget=forms.RadioSelect
    )
    caption = forms.CharField(label=_("Légende"), max_length=200, required=False, help_text=_("Ce que l’on y voit."))
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_photos(self):
        if not self.cleaned_data["photos"]:
            raise forms.ValidationError(_("Choisissez au moins une photo."), code="required")
        return self.cleaned_data["photos"]

    def clean(self):
        data = super().clean()
        if data.get("key") and len(data.get("photos") or []) > 1:
            self.add_error("photos", _("Une clé vaut pour une seule photo."))
        return data

    @property
    def new_photos(self) -> list[NewPhoto]:
        data = self.cleaned_data
        key: UUID | None = data.get("key")
        return [
            NewPhoto(upload=upload, stage=data["stage"], caption=data["caption"], key=key or uuid4())
            for upload in data["photos"]
        ]


class DescribePhotoForm(forms.Form):
    stage = forms.ChoiceField(label=_("Prise"), choices=PhotoStage.choices)
    caption = forms.CharField(label=_("Légende"), max_length=200, required=False)


class WithdrawPhotoForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif du retrait"), max_length=250,
        error_messages={"required": _("Dites pourquoi cette photo est retirée.")},
    )  # fmt: skip
