"""The table of doors: every route of the portal, who passes it, and what the others are told (domain guide §2)."""

from django.core.files.uploadedfile import SimpleUploadedFile

from funds.models import Organisation
from funds.services import vetting
from funds.services.distinct_pairs import mark_distinct
from funds.services.partners import version_of
from projects.states import State
from sr_portal.web import clock
from tests.documents.files import jpeg
from tests.factories.funds import PartnerFactory, signed

from .doors import NOBODY, Actors, Door, Outcome, Who
from .people import ELSEWHERE, EVERYBODY, OFFICERS, SIGNED_IN, Actor
from .readers import (
    IN_GAO,
    PROPOSERS,
    READS_DRAFTS,
    SECRETARY,
    SEES_PROJECT,
    STATES,
    WRITERS,
    WRITING,
    always,
    only_in,
    project_door,
)
from .table_activities import ACTIVITIES
from .table_agreement import AGREEMENT
from .table_api import API
from .table_bank import BANK
from .table_calendar import CALENDAR
from .table_completion import COMPLETION
from .table_contributions import CONTRIBUTIONS
from .table_coordination import COORDINATION
from .table_dashboards import DASHBOARDS
from .table_donors import DONORS
from .table_dossier import DOSSIER
from .table_imports import IMPORTS
from .table_map import MAP
from .table_mobilisation import MOBILISATION
from .table_money import MONEY
from .table_notices import NOTICES
from .table_papers import PAPERS
from .table_plans import PLANS_AND_STUDIES
from .table_public import PUBLIC
from .table_publication import PUBLICATION
from .table_reports import REPORTS
from .table_time import TIME
from .table_visits import VISITS
from .table_webhooks import WEBHOOKS

# --- Who reads a session of the committee ---------------------------------------------------------------------------
SITS: Actors = frozenset({Actor.MEMBER, Actor.CHAIR, Actor.SECRETARY})
READS_SESSIONS: Actors = SITS | OFFICERS | {
    Actor.SECRETARY_ELSEWHERE, Actor.APPROVER, Actor.APPROVER_ELSEWHERE, Actor.MANAGER, Actor.MANAGER_ELSEWHERE,
    Actor.SECTION_HEAD, Actor.AUDITOR,
}  # fmt: skip
SECRETARIES: Actors = frozenset({Actor.SECRETARY, Actor.SECRETARY_ELSEWHERE})
ADMINISTRATORS: Actors = frozenset({Actor.ADMINISTRATOR})
PEOPLE_READERS: Actors = ADMINISTRATORS | {Actor.AUDITOR}
OVERSEERS: Actors = frozenset({Actor.SCREENER, Actor.OFFICER, Actor.MANAGER, Actor.SECTION_HEAD, Actor.AUDITOR})


def session_door(route: str, *, get: Who | None = None, post: Who | None = None, item: bool = False) -> Door:
    """A route under /seances/<pk>/, knocked at in every state of a session of Gao."""

    def arguments(world, state):
        session = world.sessions[state]
        return {"pk": session.pk} | ({"item_pk": session.items.first().pk} if item else {})

    return Door(
        route, get=get, post=post, enters=READS_SESSIONS, sees=READS_SESSIONS - ELSEWHERE,
        states=("open", "closed") if item else ("planned", "open", "closed"), arguments=arguments,
    )  # fmt: skip


def person_door(route: str, *, get: Who | None = None, post: Who | None = None, **arguments) -> Door:
    def named(world, _state):
        extra = {name: find(world) for name, find in arguments.items()}
        return {"pk": world.people[Actor.MEMBER].pk} | extra

    return Door(route, get=get, post=post, arguments=named)


def foreign(
    route: str, who: Who = EVERYBODY, *, reads_only: bool = False, otherwise: Outcome | None = None, **arguments
) -> Door:
    """A page of django-allauth: for everybody, once signed in, or (nobody) only in the middle of something else."""
    post = None if reads_only else who
    return Door(
        route, get=who, post=post, foreign=True, otherwise=otherwise, arguments=lambda _world, _state: arguments
    )


GENERAL = (
    Door("home", get=SIGNED_IN),
    Door("healthz", get=EVERYBODY),
    Door("readyz", get=EVERYBODY),
    Door("set_language", post=EVERYBODY),
    Door("regions:list", get=SIGNED_IN),
    Door("regions:detail", get=SIGNED_IN, arguments=lambda _world, _state: {"code": "ML-7"}),
    Door("regions:outlines", get=SIGNED_IN),
)

SIGN_IN = (
    foreign("account_login"),
    foreign("account_logout"),
    foreign("account_inactive", reads_only=True),
    foreign("account_signup"),
    foreign("account_reauthenticate", NOBODY, otherwise=Outcome.FORBIDDEN),
    foreign("account_change_password", SIGNED_IN),
    foreign("account_reset_password"),
    foreign("account_reset_password_done", reads_only=True),
    foreign("account_reset_password_from_key", uidb36="1", key="set-password"),
    foreign("account_reset_password_from_key_done", reads_only=True),
    foreign("account_set_password"),
    foreign("account_email"),
    foreign("account_email_verification_sent"),
    foreign("mfa_index", SIGNED_IN, reads_only=True),
    foreign("mfa_authenticate", SIGNED_IN),
    foreign("mfa_reauthenticate", NOBODY, otherwise=Outcome.FORBIDDEN),
    foreign("mfa_activate_totp", SIGNED_IN),
    foreign("mfa_deactivate_totp", NOBODY, otherwise=Outcome.NOT_FOUND),
    foreign("mfa_view_recovery_codes", NOBODY, reads_only=True, otherwise=Outcome.NOT_FOUND),
    foreign("mfa_generate_recovery_codes", SIGNED_IN),
    foreign("mfa_download_recovery_codes", NOBODY, reads_only=True, otherwise=Outcome.NOT_FOUND),
    foreign("socialaccount_connections", SIGNED_IN),
    foreign("socialaccount_login_cancelled", reads_only=True),
    foreign("socialaccount_login_error", reads_only=True),
    foreign("socialaccount_signup", NOBODY, otherwise=Outcome.SIGN_IN),
    foreign("openid_connect_login", NOBODY, otherwise=Outcome.NOT_FOUND, provider_id="oidc"),
    foreign("openid_connect_callback", NOBODY, otherwise=Outcome.NOT_FOUND, provider_id="oidc"),
)

PEOPLE = (
    Door("accounts:profile", get=SIGNED_IN, post=SIGNED_IN),
    Door("accounts:people", get=PEOPLE_READERS),
    Door("accounts:person_create", get=ADMINISTRATORS, post=ADMINISTRATORS),
    person_door("accounts:person", get=PEOPLE_READERS),
    person_door("accounts:person_edit", get=ADMINISTRATORS, post=ADMINISTRATORS),
    person_door("accounts:person_deactivate", get=ADMINISTRATORS, post=ADMINISTRATORS),
    person_door("accounts:person_reactivate", get=ADMINISTRATORS, post=ADMINISTRATORS),
    person_door("accounts:person_invite", post=ADMINISTRATORS),
    person_door("accounts:person_reset_second_factor", get=ADMINISTRATORS, post=ADMINISTRATORS),
    person_door("accounts:role_grant", get=ADMINISTRATORS, post=ADMINISTRATORS),
    person_door(
        "accounts:role_revoke", get=ADMINISTRATORS, post=ADMINISTRATORS,
        assignment_pk=lambda world: world.people[Actor.MEMBER].role_assignments.get().pk,
    ),
)  # fmt: skip

# --- Projects -------------------------------------------------------------------------------------------------------
# Step → who passes its page. In a state from which it does not start, its page says so to those who could else take it.
AFTER_SCREENING = {
    state: frozenset({Actor.SCREENER}) for state in STATES if state not in ("draft", "submitted", "withdrawn")
}
STEPS: dict[str, Who] = {
    "submit": always(WRITERS),
    "start_screening": always(IN_GAO, but={"draft": NOBODY}),
    "admit": AFTER_SCREENING,
    "send_back": AFTER_SCREENING,
    "declare_inadmissible": AFTER_SCREENING,
    "put_on_agenda": always(SECRETARY, but={"draft": NOBODY}),
    "approve": always(frozenset({Actor.APPROVER}), but={"draft": NOBODY}),
    "refuse": always(frozenset({Actor.APPROVER}), but={"draft": NOBODY}),
    "withdraw": always(WRITERS),
    **dict.fromkeys(("sign_agreement", "start", "complete"), always(IN_GAO, but={"draft": NOBODY})),
    **dict.fromkeys(("suspend", "resume", "cancel"), always(frozenset({Actor.APPROVER}), but={"draft": NOBODY})),
    "close": always(frozenset({Actor.FINANCE}), but={"draft": NOBODY}),
}

PROJECTS = (
    Door("projects:list", get=SIGNED_IN),
    Door("projects:create", get=PROPOSERS, post=PROPOSERS),
    project_door("projects:detail", get=SEES_PROJECT),
    project_door("projects:history", get=SEES_PROJECT),
    project_door("projects:coauthors", get=WRITING, post=only_in(State.DRAFT, State.RETURNED, who=frozenset({Actor.AUTHOR}))),
    *(
        project_door("projects:edit", says=step, step=step, get=WRITING, post=WRITING)
        for step in ("essentials", "budget", "annexes")
    ),
    project_door("projects:edit", says="review", step="review", get=WRITING, post=always(WRITERS)),
    *(project_door("projects:transition", says=name, name=name, get=who, post=who) for name, who in STEPS.items()),
    project_door(
        "projects:screening",
        get={state: who & OVERSEERS if state != State.DRAFT else READS_DRAFTS & OVERSEERS for state, who in SEES_PROJECT.items()},
        post=AFTER_SCREENING,
    ),
    *(
        Door(
            route, get=SEES_PROJECT, sees=SEES_PROJECT, states=STATES,
            arguments=lambda world, state: {
                "pk": world.projects[State(state)].pk, "public_id": world.annexes[State(state)].document.public_id
            },
        )
        for route in ("projects:attachment", "projects:attachment_thumbnail")
    ),
)  # fmt: skip

# --- The committee --------------------------------------------------------------------------------------------------
CHAIR: Actors = frozenset({Actor.CHAIR})
VOTERS: Actors = frozenset({Actor.CHAIR, Actor.MEMBER})
HERE: Actors = READS_SESSIONS - ELSEWHERE
COMMITTEE_READERS: Actors = READS_SESSIONS | ADMINISTRATORS
COMMITTEE_MANAGERS: Actors = SECRETARY | ADMINISTRATORS


def committee_door(route: str, *, get: Who | None = None, post: Who | None = None) -> Door:
    return Door(
        route, get=get, post=post, enters=COMMITTEE_READERS, sees=COMMITTEE_READERS - ELSEWHERE,
        arguments=lambda world, _state: {"pk": world.committee.pk},
    )  # fmt: skip


COMMITTEE = (
    Door("projects:sessions", get=READS_SESSIONS),
    Door("projects:session_create", get=SECRETARIES, post=SECRETARIES),
    session_door("projects:session", get=HERE),
    session_door("projects:session_edit", get=SECRETARY, post=SECRETARY),
    session_door("projects:session_agenda", post=SECRETARY),
    session_door("projects:session_move", post=SECRETARY),
    session_door("projects:session_members", post=SECRETARY),
    session_door("projects:session_open", get=CHAIR, post=CHAIR),
    session_door("projects:session_presence", get=CHAIR, post=CHAIR),
    session_door("projects:session_close", get=CHAIR, post=CHAIR),
    session_door("projects:session_minutes", get=HERE),
    session_door("projects:session_minutes_pdf", get=HERE),
    session_door("projects:session_minutes_edit", get=SECRETARY, post=SECRETARY),
    session_door("projects:session_item", get=HERE, item=True),
    session_door("projects:session_judge", get=VOTERS, post=VOTERS, item=True),
    session_door("projects:session_interest", get=VOTERS, post=VOTERS, item=True),
    session_door("projects:session_item_close", get=CHAIR, post=CHAIR, item=True),
    Door("projects:session_committees", get=COMMITTEE_READERS),
    Door("projects:session_committee_create", get=SECRETARIES | ADMINISTRATORS, post=SECRETARIES | ADMINISTRATORS),
    committee_door("projects:session_committee", get=COMMITTEE_READERS - ELSEWHERE, post=COMMITTEE_MANAGERS),
    committee_door("projects:session_committee_seat", post=COMMITTEE_MANAGERS),
    committee_door("projects:session_committee_unseat", post=COMMITTEE_MANAGERS),
)

# --- Money and partners ---------------------------------------------------------------------------------------------
MONEY_READERS: Actors = SIGNED_IN - PROPOSERS - {Actor.NO_ROLE, Actor.PARTNER}
FINANCE: Actors = frozenset({Actor.FINANCE})
PARTNER_READERS: Actors = SIGNED_IN - {Actor.NO_ROLE, Actor.PARTNER}
HEAD: Actors = frozenset({Actor.SECTION_HEAD})


def fund_door(route: str, of: str, *, get: Who | None = None, post: Who | None = None) -> Door:
    return Door(route, get=get, post=post, arguments=lambda world, _state: {"pk": getattr(world, of).pk})


def vetting_document(world) -> dict[str, object]:
    """A file of a vetting of the world's partner, made when the door is knocked at."""
    officer, partner = world.people[Actor.SCREENER], world.partner
    made = vetting.vet(
        by=officer, organisation=partner, status="cleared", vetted_on=clock.today(), note="", late_reports=0,
        seen=version_of(Organisation.objects.get(pk=partner.pk)), uploads=[SimpleUploadedFile("Statuts.jpg", jpeg())],
    )  # fmt: skip
    return {"pk": partner.pk, "public_id": made.documents.get().document.public_id}


def two_alike(world, _state: str) -> dict[str, object]:
    return {"pk": PartnerFactory().pk, "other": world.partner.pk}


def said_distinct(world, _state: str) -> dict[str, object]:
    head, other = world.people[Actor.SECTION_HEAD], PartnerFactory()
    return {"pk": mark_distinct(by=head, one=world.partner, other=other, reason="Deux antennes.").pk}


FUNDS = (
    Door("funds:envelopes", get=MONEY_READERS),
    Door("funds:envelope_create", get=FINANCE, post=FINANCE),
    fund_door("funds:envelope", "envelope", get=MONEY_READERS),
    fund_door("funds:envelope_edit", "envelope", get=FINANCE, post=FINANCE),
    fund_door("funds:envelope_history", "envelope", get=MONEY_READERS),
    fund_door("funds:carry_over", "envelope", get=FINANCE, post=FINANCE),
    Door("projects:year_end", get=MONEY_READERS),
    fund_door("projects:year_end_envelope", "envelope", get=MONEY_READERS),
    fund_door("projects:year_end_csv", "envelope", get=MONEY_READERS),
    Door("projects:funds", get=MONEY_READERS),
    *(
        Door(
            f"projects:{route}",
            get=MONEY_READERS,
            arguments=lambda world, _state: {"code": world.envelope.mechanism_id},
        )
        for route in ("fund", "fund_csv", "fund_xlsx")
    ),
    Door(
        "projects:fund_earmark",
        get=MONEY_READERS,
        arguments=lambda _world, _state: {"code": signed("1000").mechanism_id},
    ),
    Door("funds:partners", get=PARTNER_READERS),
    Door("funds:partner_create", get=PROPOSERS | OFFICERS | HEAD, post=PROPOSERS | OFFICERS | HEAD),
    fund_door("funds:partner", "partner", get=PARTNER_READERS),
    fund_door("funds:partner_edit", "partner", get=IN_GAO | HEAD, post=IN_GAO | HEAD),
    fund_door("funds:partner_vet", "partner", get=IN_GAO, post=IN_GAO),
    Door("projects:concentration", get=MONEY_READERS),
    Door("funds:partner_duplicates", get=HEAD),
    Door("funds:partner_distinct", get=HEAD, post=HEAD, arguments=two_alike),
    Door("funds:partner_distinct_lift", get=HEAD, post=HEAD, arguments=said_distinct),
    fund_door("funds:partner_merge", "partner", get=HEAD, post=HEAD),
    Door("funds:partner_exclusions", get=PARTNER_READERS),
    fund_door("funds:partner_vettings", "partner", get=PARTNER_READERS),
    Door(
        "funds:partner_vetting_document",
        get=IN_GAO | OFFICERS | HEAD | FINANCE | {Actor.MANAGER, Actor.MANAGER_ELSEWHERE, Actor.AUDITOR},
        arguments=lambda world, _state: vetting_document(world),
    ),
    fund_door("funds:partner_assessments", "partner", get=PARTNER_READERS),
    fund_door("funds:partner_assess", "partner", get=IN_GAO, post=IN_GAO),
    fund_door("funds:partner_exclude", "partner", get=HEAD, post=HEAD),
    fund_door("funds:partner_history", "partner", get=PARTNER_READERS),
    Door("funds:interests", get=PARTNER_READERS, post=PARTNER_READERS - {Actor.AUDITOR}),
    Door(
        "funds:interest_end",
        post=FINANCE,
        enters=PARTNER_READERS,
        sees=FINANCE,  # somebody else's interest is not theirs to know
        arguments=lambda world, _state: {"pk": world.interest.pk},
    ),
)

DOORS: tuple[Door, ...] = (
    *GENERAL,
    *SIGN_IN,
    *PEOPLE,
    *PROJECTS,
    *COMMITTEE,
    *FUNDS,
    *BANK,
    *CONTRIBUTIONS,
    *DONORS,
    *COORDINATION,
    *MOBILISATION,
    *PAPERS,
    *PLANS_AND_STUDIES,
    *AGREEMENT,
    *PUBLIC,
    *REPORTS,
    *COMPLETION,
    *VISITS,
    *WEBHOOKS,
    *DOSSIER,
    *MAP,
    *MONEY,
    *NOTICES,
    *TIME,
    *DASHBOARDS,
    *CALENDAR,
    *ACTIVITIES,
    *IMPORTS,
    *API,
    *PUBLICATION,
)

# --- Reference data: Django's admin, closed to everybody but administrators -----------------------------------------
REFERENCE = (
    "regions_region",
    "regions_cercle",
    "funds_sector",
    "funds_mechanism",
    "funds_criterion",
    "funds_capacitycriterion",
    "funds_exchangerate",
    "funds_trancheplan",
    "funds_reportingdate",
    "funds_facility",
    "funds_focusarea",
    "funds_marker",
    "funds_markerlevel",
    "funds_formsection",
    "funds_formquestion",
    "funds_requireddocument",
    "projects_agreementclause",
)
WITH_OBJECT = ("history", "delete", "change")


def admin_doors() -> dict[str, dict[str, str]]:
    doors = {f"admin:{name}_{page}": {} for name in REFERENCE for page in ("changelist", "add")}
    doors |= {f"admin:{name}_{page}": {"object_id": "1"} for name in REFERENCE for page in WITH_OBJECT}
    site = ("index", "login", "password_change", "password_change_done", "autocomplete", "jsi18n")
    doors |= {f"admin:{name}": {} for name in site}
    doors["admin:app_list"] = {"app_label": "funds"}
    doors["admin:view_on_site"] = {"content_type_id": "1", "object_id": "1"}
    return doors


ADMIN_DOORS = admin_doors()
UNNAMED = ("admin:unnamed <path:object_id>/", "admin:unnamed (?P<url>.*)$", "admin:logout")  # lead to pages above
