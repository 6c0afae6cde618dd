"""A QIP from its first word to the decision, in Chromium, by every role, with the refusals on the way."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project
from projects.states import State
from sr_portal.web import clock

from .acting import confirm, fill, inspect, press, status_of
from .portal import Portal
from .proposals import ANSONGO_GENERATOR, GAO_POWER, REAL, Proposal

pytestmark = pytest.mark.browser


def go_on(page: Page) -> None:
    press(page, "main form button[name=action][value=next]")


def write(page: Page, portal: Portal, proposal: Proposal, *, inspected: bool = False) -> int:
    """The whole form, step by step; the project's key."""
    look = inspect if inspected else lambda _page: None
    page.goto(portal.address + "/projets/nouveau/")
    look(page)
    fill(page, title=proposal.title)
    page.select_option("[name=mechanism]", proposal.mechanism)
    page.select_option("[name=region]", label=proposal.region)
    page.select_option("[name=sponsor]", "civil_affairs")
    press(page, "main form .btn-primary")
    page.wait_for_url("**/redaction/essentials/")
    key = int(page.url.split("/projets/")[1].split("/")[0])
    look(page)
    page.select_option("[name=sector]", proposal.sector)
    fill(page, locality=proposal.locality)
    go_on(page)
    look(page)
    if "/redaction/fund/" in page.url:
        answer_the_fund(page, proposal)
        go_on(page)
        look(page)
    fill(
        page, need=proposal.need, need_expressed_by="Le maire et les associations de femmes et de jeunes",
        objective=proposal.objective, confidence="Un service rendu vite et à tous, choisi avec les quartiers.",
    )  # fmt: skip
    go_on(page)
    look(page)
    fill(page, starts_on=(clock.today() + dt.timedelta(days=60)).isoformat(), duration_months=proposal.months)
    page.locator("[name=results-0-statement]").fill("L’ouvrage est réceptionné et en service")
    page.locator("[name=results-0-target]").fill("1")
    page.locator("[name=activities-0-title]").fill("Travaux et suivi technique")
    page.locator("[name=activities-0-first_week]").fill("1")
    page.locator("[name=activities-0-weeks]").fill("10")
    go_on(page)
    look(page)
    fill(page, **proposal.people)
    go_on(page)
    look(page)
    choose_partner(page, proposal)
    fill(page, coordination="Vu avec le cluster concerné et les services techniques de la région.")
    go_on(page)
    look(page)
    if page.locator("[name=is_another]").count():  # the registry knows a name like it
        page.locator("[name=is_another]").check()
        go_on(page)
        look(page)
    for position, (category, label, unit, quantity, cost) in enumerate(proposal.lines):
        page.select_option(f"[name=lines-{position}-category]", category)
        page.select_option(f"[name=lines-{position}-currency]", "USD")
        for name, value in (("label", label), ("unit", unit), ("quantity", quantity), ("unit_cost", cost)):
            page.locator(f"[name=lines-{position}-{name}]").fill(str(value))
    go_on(page)
    look(page)
    fill(
        page, gender="Les femmes siègent à parité au comité de gestion.", environment="Déchets de chantier évacués.",
        do_no_harm="Comité de plaintes ; embauche répartie entre les quartiers.",
        sustainability="Caisse d’entretien alimentée par les usagers.", maintained_by="Comité de gestion",
        visibility="Panneau sur le site et cérémonie de remise.",
    )  # fmt: skip
    page.check("[name=works]")
    page.locator("[name=land]").fill("Attestation de cession de la commune, jointe.")
    go_on(page)
    look(page)
    page.goto(f"{portal.address}/projets/{key}/redaction/review/")
    look(page)
    return key


def answer_the_fund(page: Page, proposal: Proposal) -> None:
    """The step that only some mechanisms have: facility, focus area, markers, questions, other recipients."""
    if proposal.facility:
        page.select_option("[name=facility]", label=proposal.facility)
    for select in page.locator("[name=focus_area], [name^=marker_]").all():
        select.select_option(index=2)
    for area in page.locator("[name^=answer_]").all():
        area.fill("Analyse faite avec les communautés et les autorités du cercle.")
    for rank, (organisation, share) in enumerate(proposal.also):
        page.select_option(f"[name=recipients-{rank}-organisation]", label=organisation)
        page.locator(f"[name=recipients-{rank}-share]").fill(str(share))


def choose_partner(page: Page, proposal: Proposal) -> None:
    if page.locator("[name=new_name]").is_hidden():
        page.locator("details:has([name=new_name]) > summary").click()
    fill(page, new_name=proposal.partner)
    page.select_option("[name=new_kind]", proposal.partner_kind)


def submit(page: Page) -> None:
    page.locator("main form.panel .btn-primary").click()
    confirm(page)
    page.wait_for_url("**/projets/*/")


def take(page: Page, portal: Portal, key: int, step: str, **values: object) -> None:
    """A step of the road from its page: what will happen, then the act."""
    page.goto(f"{portal.address}/projets/{key}/etapes/{step}/")
    inspect(page)
    fill(page, **values)
    press(page, "main form.step-form button.btn")


def state_of(key: int) -> str:
    return Project.objects.get(pk=key).state


def answer_checklist(page: Page, portal: Portal, key: int, *, no: str = "") -> None:
    page.goto(f"{portal.address}/projets/{key}/examen/")
    for point in page.locator(".point").all():
        code = point.get_attribute("id").removeprefix("point-")
        value = "no" if code == no else "yes"
        point.locator(f"[name=answer_{code}][value={value}]").check()
        if code == no:
            point.locator(f"[name=comment_{code}]").fill("Joignez trois devis pour le gros œuvre.")
    press(page, "#checklist .checklist-bar button.btn")


def vet_partner(portal: Portal, key: int) -> None:
    """The programme officer vets the new partner, as its page asks before an approval."""
    partner = Project.objects.get(pk=key).partner_id
    with portal.person("gestionnaire") as page:
        page.goto(f"{portal.address}/partenaires/{partner}/verification/")
        inspect(page)
        page.locator("[name=vetting_status]").first.wait_for(state="attached")
        if page.locator("select[name=vetting_status]").count():
            page.select_option("[name=vetting_status]", "cleared")
        else:
            page.check("[name=vetting_status][value=cleared]")
        if page.locator("[name=vetted_on]").count() and not page.locator("[name=vetted_on]").input_value():
            fill(page, vetted_on=clock.today().isoformat())
        press(page, "main form .btn-primary")


def hold_session(portal: Portal, keys: list[int], committee: str) -> str:
    """Secretary, chair and members, each in their own browser; the session's address."""
    with portal.person("secretaire") as page:
        page.goto(portal.address + "/seances/nouvelle/")
        inspect(page)
        page.select_option("[name=committee]", label=committee)
        fill(page, held_on=clock.today().isoformat(), place="Salle de conférence")
        press(page, "main form .btn-primary")
        page.wait_for_url("**/seances/*/")
        session = page.url.removeprefix(portal.address)
        for key in keys:
            page.locator(f"[name=projects][value='{key}']").check()
        press(page, "form[action$='ordre-du-jour/'] .btn-primary")
        inspect(page)
        assert status_of(page, portal, session + "ouverture/") == 403
    with portal.person("president") as page:
        page.goto(portal.address + session + "ouverture/")
        inspect(page)
        for box in page.locator("[name=present]").all():
            box.check()
        press(page, "main form .btn-primary")
        page.wait_for_url("**" + session)
    for login in ("president", "membre", "membre.police", "membre.genre"):
        with portal.person(login) as page:
            judge(page, portal, session, keys, look=login == "membre")
    with portal.person("point.focal") as page:
        assert status_of(page, portal, session) == 403
    with portal.person("president") as page:
        for address in items(page, portal, session):
            page.goto(address + "conclusion/")
            inspect(page)
            press(page, "main form .btn-primary")
            inspect(page)
            press(page, "[name=confirm]")
            inspect(page)
        page.goto(portal.address + session + "cloture/")
        inspect(page)
        page.locator("main form .btn-primary").click()
        confirm(page)
        page.wait_for_url("**/proces-verbal/")
        inspect(page)
    return session


def items(page: Page, portal: Portal, session: str) -> list[str]:
    page.goto(portal.address + session)
    links = page.eval_on_selector_all("a[href*='/points/']", "links => links.map(link => link.href)")
    return sorted(
        {link.split("/points/")[0] + "/points/" + link.split("/points/")[1].split("/")[0] + "/" for link in links}
    )


def judge(page: Page, portal: Portal, session: str, keys: list[int], *, look: bool) -> None:
    addresses = items(page, portal, session)
    assert len(addresses) == len(keys)
    for address in addresses:
        page.goto(address)
        if look:
            inspect(page)
        for name in page.eval_on_selector_all("[name^=score_]", "all => [...new Set(all.map(one => one.name))]"):
            page.check(f"[name={name}][value='4']", force=True)
        page.check("[name=vote][value=for]", force=True)
        press(page, "form.judge button.btn-primary, form[action$='avis/'] button.btn-primary")


@pytest.mark.parametrize("proposal", [GAO_POWER], ids=["énergie du mali"])
def test_a_proposal_goes_its_whole_road_with_a_return_on_the_way(portal, proposal):
    with portal.person("point.focal") as page:
        key = write(page, portal, proposal, inspected=True)
        submit(page)
        inspect(page)
        reference = Project.objects.get(pk=key).reference
        expect(page.locator("main")).to_contain_text(reference)
        assert reference.startswith("QIP-GAO-")
        assert status_of(page, portal, f"/projets/{key}/etapes/start_screening/") == 403
        assert status_of(page, portal, f"/projets/{key}/redaction/budget/") == 403
    with portal.person("point.focal.nord") as page:
        assert status_of(page, portal, f"/projets/{key}/") == 404
    with portal.person("partenaire") as page:
        assert status_of(page, portal, f"/projets/{key}/") == 404
    with portal.person("autorite") as page:
        assert status_of(page, portal, f"/projets/{key}/etapes/start_screening/") == 403

    with portal.person("gestionnaire") as page:
        take(page, portal, key, "start_screening")
        answer_checklist(page, portal, key, no="budget")
        inspect(page)
        press(page, "button[name=then][value=send_back]")
        inspect(page)
        press(page, "main form.step-form button.btn")
    assert state_of(key) == State.RETURNED

    with portal.person("point.focal") as page:
        page.goto(f"{portal.address}/projets/{key}/redaction/review/")
        expect(page.locator("main")).to_contain_text("Joignez trois devis pour le gros œuvre.")
        inspect(page)
        submit(page)
    with portal.person("gestionnaire") as page:
        take(page, portal, key, "start_screening")
        answer_checklist(page, portal, key)
        press(page, "button[name=then][value=admit]")
        inspect(page)
        press(page, "main form.step-form button.btn")
    assert state_of(key) == State.ELIGIBLE

    hold_session(portal, [key], "Comité central de revue de projets")
    assert state_of(key) == State.RECOMMENDED

    with portal.person("gestionnaire") as page:
        assert status_of(page, portal, f"/projets/{key}/etapes/approve/") == 403
    with portal.person("president") as page:
        assert status_of(page, portal, f"/projets/{key}/etapes/approve/") == 403
    vet_partner(portal, key)
    with portal.person("autorite") as page:
        take(page, portal, key, "approve", amount_usd="45000")
        inspect(page)
        expect(page.locator("main")).to_contain_text("45 000")
    project = Project.objects.get(pk=key)
    assert (project.state, project.approved_usd, project.reserved_usd) == (State.APPROVED, 45000, 45000)

    with portal.person("auditeur") as page:
        page.goto(f"{portal.address}/projets/{key}/historique/")
        inspect(page)
        expect(page.locator("main")).to_contain_text("Hélène Vasseur")
        assert status_of(page, portal, f"/projets/{key}/etapes/withdraw/") == 403


def test_the_three_real_projects_are_entered_and_approved(portal):
    keys = []
    with portal.person("point.focal") as page:
        for proposal in REAL:
            key = write(page, portal, proposal)
            submit(page)
            assert Project.objects.get(pk=key).budget_usd == proposal.total
            keys.append(key)
    with portal.person("gestionnaire") as page:
        for key in keys:
            take(page, portal, key, "start_screening")
            answer_checklist(page, portal, key)
            press(page, "button[name=then][value=admit]")
            press(page, "main form.step-form button.btn")
    from projects.services.committee import right_committee

    by_committee: dict[str, list[int]] = {}
    for key in keys:
        project = Project.objects.select_related("mechanism").get(pk=key)
        by_committee.setdefault(right_committee(project).name, []).append(key)
    for committee, some in by_committee.items():
        hold_session(portal, some, committee)
    for key in keys:
        vet_partner(portal, key)
    with portal.person("autorite") as page:
        for key in keys:
            take(page, portal, key, "approve")
    assert [state_of(key) for key in keys] == [State.APPROVED] * 3


def test_the_form_refuses_what_the_law_of_qips_forbids_and_keeps_what_was_typed(portal):
    with portal.person("point.focal") as page:
        key = write(page, portal, ANSONGO_GENERATOR)
        page.goto(f"{portal.address}/projets/{key}/redaction/budget/")
        page.locator("[name=lines-0-unit_cost]").fill("90000")
        press(page, "main form button[name=action][value=next]")
        expect(page.locator("main")).to_contain_text("50 000")
        assert page.locator("[name=lines-0-unit_cost]").input_value().replace("\u202f", "") == "90000"
        inspect(page)
        page.goto(f"{portal.address}/projets/{key}/redaction/plan/")
        page.locator("[name=duration_months]").fill("7")
        press(page, "main form button[name=action][value=next]")
        assert page.locator("[name=duration_months]").input_value() == "7"
        inspect(page)
    project = Project.objects.get(pk=key)
    assert (project.budget_usd, project.duration_months) == (ANSONGO_GENERATOR.total, ANSONGO_GENERATOR.months)


def test_two_people_who_edit_the_same_step_both_keep_their_text(portal):
    with portal.person("point.focal") as first, portal.person("point.focal") as second:
        key = write(first, portal, ANSONGO_GENERATOR)
        address = f"{portal.address}/projets/{key}/redaction/need/"
        first.goto(address)
        second.goto(address)
        fill(first, objective="Du courant jour et nuit pour la maternité.")
        first.locator(".action-bar button[value=save]:visible").first.click()
        expect(first.locator("[data-status]")).to_contain_text("Enregistré")
        fill(second, objective="Du courant pour le bloc opératoire.")
        press(second, ".action-bar button[value=next]")
        expect(second.locator("main")).to_contain_text("Du courant jour et nuit pour la maternité.")
        expect(second.locator("main")).to_contain_text("Du courant pour le bloc opératoire.")
        inspect(second)
    assert Project.objects.get(pk=key).objective == "Du courant jour et nuit pour la maternité."


def test_a_proposal_saves_itself_and_comes_back_after_a_cut(portal):
    with portal.person("point.focal") as page:
        key = write(page, portal, ANSONGO_GENERATOR)
        page.goto(f"{portal.address}/projets/{key}/redaction/need/")
        fill(page, objective="Texte qui s’enregistre de lui-même.")
        expect(page.locator("[data-status]")).to_contain_text("Enregistré", timeout=20_000)
        assert Project.objects.get(pk=key).objective == "Texte qui s’enregistre de lui-même."
        page.context.set_offline(True)
        fill(page, objective="Texte écrit sans réseau.")
        expect(page.locator("[data-status]")).to_contain_text("interrompue", timeout=20_000)
        page.context.set_offline(False)
        expect(page.locator("[data-status]")).to_contain_text("Enregistré", timeout=60_000)
    portal.faults.seen.clear()  # the cut line itself is reported by the browser
    assert Project.objects.get(pk=key).objective == "Texte écrit sans réseau."


def test_the_whole_form_without_javascript_and_by_keyboard(portal):
    with portal.person("point.focal", java_script_enabled=False) as page:
        key = write(page, portal, ANSONGO_GENERATOR)
        page.locator("main form.panel .btn-primary").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/projets/{key}/")
    assert state_of(key) == State.SUBMITTED
