"""A fourth mechanism, made by an administrator on the reference data's own pages: not one line of code knows it."""

import uuid
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from funds.models import (
    Facility,
    FocusArea,
    FormQuestion,
    FormSection,
    Marker,
    MarkerLevel,
    Mechanism,
    RequiredDocument,
)
from projects.models import Committee, CommitteeMember
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.money import upload
from tests.factories.projects import Cast

CODE = "RSF"
DOCUMENTS = (("concept", "submit"), ("steering", "approve"), ("annex", "sign_agreement"))


def add(client: Client, kind: str, /, **values) -> None:
    """Add one row on the page of its kind, every other field as the page proposes it."""
    address = f"/reference/funds/{kind}/add/"
    form = client.get(address).context["adminform"].form
    proposed = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    proposed = {name: value for name, value in proposed.items() if value is not False}
    named = (
        {"name_fr": values.get("code", "Niveau"), "name_en": values.get("code", "Level")}
        if "name_fr" in proposed
        else {}
    )
    answer = client.post(address, proposed | named | values)
    assert answer.status_code == 302, answer.context["adminform"].form.errors


@dataclass
class Fourth:
    mechanism: Mechanism
    body: Committee

    @property
    def facility(self) -> Facility:
        return Facility.objects.get(mechanism=self.mechanism)

    @property
    def answers(self) -> dict[str, str]:
        """What the step of the fund is sent: by field, the highest level and a sentence."""
        level = MarkerLevel.objects.filter(marker__mechanism=self.mechanism).last()
        question = FormQuestion.objects.get(section__mechanism=self.mechanism)
        return {
            "facility": str(self.facility.pk),
            "focus_area": str(FocusArea.objects.get(mechanism=self.mechanism).pk),
            f"marker_{level.marker_id}": str(level.pk),
            f"answer_{question.pk}": "Le fonds régional complète le plan de stabilisation du cercle.",
        }

    def document(self, code: str) -> RequiredDocument:
        return RequiredDocument.objects.get(mechanism=self.mechanism, code=code)


def fourth_mechanism(people: Cast) -> Fourth:
    """Limits, facility, focus area, marker, question, documents, criteria and a body of its own, with its people."""
    client = Client()
    client.force_login(user_with(Role.ADMINISTRATOR))
    add(
        client, "mechanism", code=CODE, name_fr="Fonds régional de stabilisation", name_en="Regional Stabilisation Facility",
        ceiling_usd="400000", max_months="24", delegated_usd="0", headquarters_above_usd="150000",
        approving_body_fr="Conseil du fonds", approving_body_en="Board of the fund",
    )  # fmt: skip
    for rank, (code, weight) in enumerate((("effect", 70), ("feasibility", 30)), start=1):
        add(client, "criterion", mechanism=CODE, code=code, weight=weight, position=rank)
    add(client, "facility", mechanism=CODE, code="window", ceiling_usd="250000", max_months="18")
    add(client, "focusarea", mechanism=CODE, code="justice")
    add(client, "marker", mechanism=CODE, code="climate")
    marker = Marker.objects.get(mechanism=CODE)
    for level in range(3):
        add(client, "markerlevel", marker=marker.pk, level=level)
    add(client, "formsection", mechanism=CODE, code="region")
    add(client, "formquestion", section=FormSection.objects.get(mechanism=CODE).pk, code="link", required="on")
    for code, step in DOCUMENTS:
        add(client, "requireddocument", mechanism=CODE, code=code, step=step)
    return Fourth(Mechanism.objects.get(pk=CODE), body_of(CODE, people))


def body_of(mechanism: str, people: Cast) -> Committee:
    body = Committee.objects.create(name=f"Conseil du fonds {mechanism}", mechanism_id=mechanism)
    CommitteeMember.objects.create(committee=body, user=people.chair, seat="chair")
    CommitteeMember.objects.create(committee=body, user=people.secretary, seat="secretary")
    for member in people.members:
        CommitteeMember.objects.create(committee=body, user=member)
    return body


def file_on_page(user: User, project, document: RequiredDocument) -> None:
    """A required document, added on the page of the file by the one who keeps it."""
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    data = {
        "kind": f"asked:{document.pk}",
        "caption": "",
        "file": upload(f"{document.code}.pdf"),
        "one_time_key": uuid.uuid4(),
    }
    answer = client.post(reverse("projects:dossier_add", args=[project.pk]), data)
    assert answer.status_code == 302, answer.content.decode()
