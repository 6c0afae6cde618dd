"""What an organisation does with the section: donor, PTF and implementing partner, several at once."""

import uuid
from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from funds.models import Organisation
from funds.services import partners as services
from projects.forms.proposal_fields import PartnerForm
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import DraftFactory, complete_draft

pytestmark = pytest.mark.django_db

ADDRESS = "/partenaires/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def roles_in_database(pk: int) -> set[str]:
    row = Organisation.objects.values("is_donor", "is_ptf", "is_implementing").get(pk=pk)
    return {name for name, held in row.items() if held}


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("donor", {"is_donor"}),
        ("un_agency", {"is_ptf", "is_implementing"}),
        ("association", {"is_implementing"}),
        ("state_service", {"is_implementing"}),
    ],
)
def test_a_new_organisation_without_a_role_takes_those_of_its_kind_whoever_writes(kind, roles):
    made = Organisation.objects.create(name="Créée", kind=kind)
    (many,) = Organisation.objects.bulk_create([Organisation(name="En nombre", kind=kind)])

    assert {role for role in services.ROLES if getattr(made, role)} == roles
    assert roles_in_database(made.pk) == roles_in_database(many.pk) == roles


def test_one_organisation_gives_coordinates_and_carries_out():
    every = Organisation.objects.create(
        name="Coopération du Nord", kind="donor", is_donor=True, is_ptf=True, is_implementing=True
    )

    for found in (Organisation.objects.donors(), Organisation.objects.ptf(), Organisation.objects.implementing()):
        assert every in found


def test_the_database_refuses_to_leave_one_without_a_role():
    partner = PartnerFactory()
    with pytest.raises(IntegrityError, match="organisation_has_a_role"), transaction.atomic():
        Organisation.objects.filter(pk=partner.pk).update(is_implementing=False)


def test_the_list_is_filtered_by_role():
    PartnerFactory(name="Ambassade", kind="donor")
    PartnerFactory(name="Agence", kind="un_agency")
    PartnerFactory(name="Association")
    client = signed_in(user_with(Role.SECTION_HEAD))

    def names(role: str) -> list[str]:
        return [partner.name for partner, _standing in client.get(ADDRESS, {"role": role}).context["rows"]]

    assert names("donateur") == ["Ambassade"]
    assert names("ptf") == ["Agence"]
    assert names("mise-en-oeuvre") == ["Agence", "Association"]


def test_the_page_shows_the_roles():
    partner = PartnerFactory(kind="un_agency")
    page = signed_in(user_with(Role.SECTION_HEAD)).get(f"{ADDRESS}{partner.pk}/").content.decode()

    assert "PTF" in page and "Mise en œuvre" in page


def test_a_proposal_offers_implementing_partners_only():
    donor, partner = PartnerFactory(kind="donor"), PartnerFactory()
    offered = set(PartnerForm(instance=DraftFactory()).fields["partner"].queryset)

    assert partner in offered and donor not in offered


def test_roles_are_changed_in_the_card_and_one_at_least_is_kept():
    head, partner = user_with(Role.SECTION_HEAD), PartnerFactory(name="Agence", kind="un_agency")
    client, address = signed_in(head), f"{ADDRESS}{partner.pk}/fiche/"

    def sent(**roles):
        data = {"name": "Agence", "kind": "un_agency", "seen": services.version_of(fresh(partner)), **roles}
        return client.post(address, {"one_time_key": str(uuid.uuid4()), **data})

    assert sent(is_donor="on", is_ptf="on").status_code == 302
    assert roles_in_database(partner.pk) == {"is_donor", "is_ptf"}
    answer = sent()
    assert answer.status_code == 422 and "Indiquez au moins un rôle." in answer.content.decode()
    assert roles_in_database(partner.pk) == {"is_donor", "is_ptf"}


def test_a_partner_with_projects_stays_an_implementing_partner():
    head, project = user_with(Role.SECTION_HEAD), complete_draft()
    partner = fresh(project.partner)
    values = {name: getattr(partner, name) for name in services.DESCRIBED} | {
        "is_donor": True,
        "is_implementing": False,
    }

    with pytest.raises(ValidationError) as refusal:
        services.describe(by=head, organisation=partner, values=values, seen=services.version_of(partner))
    assert set(refusal.value.message_dict) == {"is_implementing"}
    assert roles_in_database(partner.pk) == {"is_implementing"}


def test_the_migration_gives_each_its_roles_and_an_implementing_donor_both():
    donor, agency = PartnerFactory(kind="donor"), PartnerFactory(kind="un_agency")
    used = PartnerFactory(kind="donor", is_implementing=True)
    DraftFactory(partner=used)
    Organisation.objects.filter(pk=used.pk).update(is_donor=True, is_implementing=False)
    migration = import_module("funds.migrations.0006_each_has_a_role")
    with connection.cursor() as cursor:
        cursor.execute(migration.TAKE_ROLES)

    assert roles_in_database(donor.pk) == {"is_donor"}
    assert roles_in_database(used.pk) == {"is_donor", "is_implementing"}
    assert roles_in_database(agency.pk) == {"is_ptf", "is_implementing"}


def fresh(partner: Organisation) -> Organisation:
    return Organisation.objects.get(pk=partner.pk)
