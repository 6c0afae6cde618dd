"""A drawing of the regions as an SVG file of its own, in the colours of paper: for documents and slides."""

from html import escape

from regions.maps import Drawing

INK, LINE, WATER = "#0d3b46", "#8b9aa0", "#ffffff"
LAND, CURRENT = "#eef3f4", "#2f8091"
TONES = ("#f7f9f9", "#dcebec", "#b9d8db", "#8fbfc5", "#5d9ea7", "#2f8091")  # from nothing to the highest


def as_svg(drawing: Drawing, *, size: int = 18) -> str:
    """Names are texts; a number stands in each of `drawing.dots`, in their order, from 1. `size` of the names, in units
    of the drawing."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{drawing.view_box}">']
    for shape in drawing.shapes:
        fill = CURRENT if shape.current else TONES[shape.tone] if shape.tone is not None else LAND
        parts.append(f'<path d="{shape.path}" fill="{fill}" stroke="{LINE}" stroke-width="1.2"/>')
        if shape.small:
            parts.append(
                f'<circle cx="{shape.label_x}" cy="{shape.label_y}" r="8" fill="{fill}" stroke="{INK}" stroke-width="1.2"/>'
            )
    style = f'font-family="Libertinus Serif" font-size="{size}" text-anchor="middle"'
    for shape in drawing.shapes:
        down = 27 if shape.small else 6
        for look in (f'fill="{WATER}" stroke="{WATER}" stroke-width="2.5"', f'fill="{INK}"'):  # a halo, then the name
            parts.append(
                f'<text x="{shape.label_x}" y="{shape.label_y + down}" {style} {look}>{escape(shape.name)}</text>'
            )
    for number, (x, y) in enumerate(drawing.dots, start=1):
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="11" fill="#ffffff" stroke="{INK}" stroke-width="2"/>'
            f'<text x="{x}" y="{y + 5}" font-family="Libertinus Serif" font-size="15" font-weight="bold" '
            f'text-anchor="middle" fill="{INK}">{number}</text>'
        )
    return "".join([*parts, "</svg>"])
