"""Who reads and changes money and partners: predicates over (user) and (user, record) (domain guide §2, §7)."""

import rules

from sr_portal.accounts.roles import Role, holds
from sr_portal.web.navigation import MONEY_READERS

# Everybody who works for the mission; a PTF reads what is published only.
PARTNER_READERS = frozenset(Role) - {Role.PARTNER}

reads_money = holds(*MONEY_READERS)
# An auditor changes nothing, and decides nothing that an interest could weigh on.
declares_interests = holds(*(PARTNER_READERS - {Role.AUDITOR}))
sets_envelopes = holds(Role.FINANCE_OFFICER)
# Resource mobilisation is the section head's; what is signed and what comes in, the finance officer's (§2).
registers_contributions = holds(Role.SECTION_HEAD)
records_contributions = holds(Role.FINANCE_OFFICER)
files_contribution_papers = holds(Role.SECTION_HEAD, Role.FINANCE_OFFICER)
# Who may be answerable for a report to a donor, and so send it.
ANSWERABLE = (Role.SECTION_HEAD, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER)
plans_donor_reports = registers_contributions
sends_donor_reports_somewhere = holds(*ANSWERABLE)
reads_partners = holds(*PARTNER_READERS)
registers_partners = holds(Role.PROPOSER, Role.PROGRAMME_OFFICER, Role.SECTION_HEAD)
# The papers of a vetting name people and their money: those who answer for the file read them.
reads_vetting_documents = holds(
    Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.REGIONAL_MANAGER, Role.SECTION_HEAD, Role.AUDITOR
)
vets_somewhere = holds(Role.PROGRAMME_OFFICER)
describes_somewhere = holds(Role.PROGRAMME_OFFICER, Role.SECTION_HEAD)
excludes_partners = holds(Role.SECTION_HEAD)
merges_partners = holds(Role.SECTION_HEAD)
reads_interests = holds(
    Role.PROGRAMME_OFFICER, Role.COMMITTEE_CHAIR, Role.COMMITTEE_SECRETARY, Role.SECTION_HEAD, Role.AUDITOR
)


def _lives(organisation) -> bool:
    """A record that was merged into another is read, and no longer written."""
    return organisation.merged_into_id is None


def _holds_there(user, role: Role, organisation) -> bool:
    scope = user.scopes.get(role)
    return scope is not None and scope.covers(organisation.region_id)


@rules.predicate
def describes(user, organisation) -> bool:
    """May correct what the registry says of a partner that has its seat in their scope."""
    return _lives(organisation) and any(
        _holds_there(user, role, organisation) for role in (Role.PROGRAMME_OFFICER, Role.SECTION_HEAD)
    )


@rules.predicate
def vets(user, organisation) -> bool:
    """A programme officer of its region; see `services.partners` for whom the separation of duties keeps out."""
    return _lives(organisation) and _holds_there(user, Role.PROGRAMME_OFFICER, organisation)


@rules.predicate
def sends_donor_report(user, report) -> bool:
    """The section head, or the person who answers for this report as long as they hold such a role."""
    return registers_contributions(user) or (report.responsible_id == user.pk and sends_donor_reports_somewhere(user))


# --- Bank details: entered by one person, verified by another from finance, read whole by finance and audit ---------
enters_bank_details_somewhere = holds(Role.PROPOSER, Role.PROGRAMME_OFFICER)
verifies_bank_details_somewhere = holds(Role.FINANCE_OFFICER)
reads_bank_numbers_somewhere = holds(Role.FINANCE_OFFICER, Role.AUDITOR)


@rules.predicate
def enters_bank_details(user, organisation) -> bool:
    """A focal point or a programme officer of its region; see `services.bank` for whom an interest keeps out."""
    return _lives(organisation) and any(
        _holds_there(user, role, organisation) for role in (Role.PROPOSER, Role.PROGRAMME_OFFICER)
    )


@rules.predicate
def verifies_bank_details(user, organisation) -> bool:
    """A finance officer of its region; see `services.bank` for whom the separation of duties keeps out."""
    return _holds_there(user, Role.FINANCE_OFFICER, organisation)


@rules.predicate
def reads_bank_numbers(user, organisation) -> bool:
    """Finance, and audit, which reads everything (domain guide §2); each reading is recorded."""
    return any(_holds_there(user, role, organisation) for role in (Role.FINANCE_OFFICER, Role.AUDITOR))


# --- Who does what, where, when (4W): the section and the heads of office write it, each where they work ------------
reads_activities = reads_partners
writes_activities_somewhere = holds(Role.SECTION_HEAD, Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER)


@rules.predicate
def writes_activity(user, activity) -> bool:
    """In the scope of one of the roles that write; what concerns the whole country asks for a role in all of it."""
    return writes_activities_in(user, activity.region_id)


def writes_activities_in(user, region_id: int | None) -> bool:
    return _covered(user, (Role.SECTION_HEAD, Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER), region_id)


def _covered(user, roles: tuple[Role, ...], region_id: int | None) -> bool:
    """One of these roles is held in that region, or in the whole country where None is asked for."""
    scopes = (user.scopes.get(role) for role in roles)
    return any(scope.everywhere or (region_id is not None and scope.covers(region_id)) for scope in scopes if scope)


# --- Resource mobilisation: the section head's, with the programme officers where they work (§2) --------------------
MOBILISERS = (Role.SECTION_HEAD, Role.PROGRAMME_OFFICER)
reads_prospects = reads_money
writes_prospects_somewhere = holds(*MOBILISERS)
wins_prospects = registers_contributions  # what is won becomes a contribution


@rules.predicate
def writes_prospect(user, prospect) -> bool:
    """In the scope of their role; what is for the whole country asks for a role in all of it."""
    return writes_prospects_in(user, prospect.region_id)


def writes_prospects_in(user, region_id: int | None) -> bool:
    return _covered(user, MOBILISERS, region_id)


# --- Concept notes: written by who follows prospects, read by all who work for the mission --------------------------
reads_notes = reads_partners
writes_notes_somewhere = writes_prospects_somewhere


def writes_note_about(user, region_ids: list[int]) -> bool:
    """In all its regions; without any, it is about the whole country."""
    return all(writes_prospects_in(user, region_id) for region_id in region_ids or [None])


@rules.predicate
def writes_note(user, note) -> bool:
    return writes_note_about(user, [place.region_id for place in note.places.all()])


proposes = holds(Role.PROPOSER)  # an accepted note becomes their draft
