"""What a person's hands do on any page of the portal: look at it on both screens, fill it in, press its button."""

from pathlib import Path

from playwright.sync_api import Page

from .portal import PHONE, WIDE, Portal, accessible, cut_off, too_wide


def inspect(page: Page) -> None:
    """Each page that the road passes, on both screens."""
    faults = []
    for screen in (PHONE, WIDE):
        page.set_viewport_size(screen)
        faults += [f"{screen['width']} px: {fault}" for fault in (*accessible(page), *too_wide(page), *cut_off(page))]
    assert not faults, "\n".join(faults)


def confirm(page: Page) -> None:
    """The dialog that asks before what cannot be undone."""
    page.locator("#confirm-dialog button[value=yes]").click()


def press(page: Page, button: str) -> None:
    """Press it, say yes where a dialog asks, and wait for the page that it leads to."""
    target = page.locator(button).first
    asks = target.evaluate("button => Boolean(button.form && button.form.dataset.confirm)")
    with page.expect_navigation():
        target.click()
        if asks:
            confirm(page)


def fill(page: Page, **values: object) -> None:
    """Each field by its name: text, choice by its value, file by its path."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if isinstance(value, Path):
            field.set_input_files(value)
            continue
        kind = field.first.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
        if kind == "select":
            field.select_option(str(value))
        elif kind in ("radio", "checkbox"):
            page.check(f"main [name={name}][value='{value}']", force=True)
        else:
            field.fill(str(value))


def send(page: Page, portal: Portal, path: str, *, button: str = "main form .btn-primary", **values: object) -> None:
    """Open a page of a form, look at it, fill it in and send it; it must not come back with errors."""
    page.goto(portal.address + path)
    inspect(page)
    fill(page, **values)
    press(page, button)
    errors = page.locator("main .note-danger, main .field-errors").all_inner_texts()
    assert not errors, f"{path}: {errors}"


def status_of(page: Page, portal: Portal, path: str) -> int:
    """How the server answers to the address, typed in by hand."""
    return page.goto(portal.address + path).status
