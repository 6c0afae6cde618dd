"""A page does not move under its reader while it loads: neither the form of a proposal nor the pages read most."""

import pytest

from projects.models import Project
from projects.states import State

from .portal import PHONE, WIDE, cut_off

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
STEADY = 0.02  # layout shift score; 0.1 is what Lighthouse calls good


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_moves_while_a_page_loads(portal, screen):
    draft = Project.objects.filter(state=State.DRAFT, author__email__startswith="point.focal@").first()
    steps = [f"/projets/{draft.pk}/redaction/{step}/" for step in ("essentials", "plan", "budget", "annexes")]
    moved = {}
    with portal.person("point.focal", viewport=screen) as page:
        page.add_init_script(SHIFTS)
        for path in ("/", "/projets/", f"/projets/{draft.pk}/", *steps):
            page.goto(portal.address + path, wait_until="networkidle")
            shift = page.evaluate("window.shifted")
            if shift > STEADY:
                moved[path] = shift

    assert not moved


def test_what_runs_out_of_its_frame_is_seen(portal):
    with portal.person("gestionnaire", viewport=PHONE) as page:
        assert cut_off(page) == []
        page.evaluate("document.querySelector('main h2').textContent = 'A'.repeat(80)")
        assert "H2" in cut_off(page)[0]
