"""Printed documents: readable by everybody, whatever people wrote, and never broken by a photo."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from sr_portal.documents.paper import (
    Bars,
    Bullets,
    Column,
    Contents,
    Facts,
    Heading,
    Note,
    Paper,
    Photo,
    Photos,
    Signatory,
    Signatures,
    Table,
    Text,
    Together,
    deeper,
    facts,
    section,
)
from sr_portal.documents.services import store, withdraw
from sr_portal.documents.typesetting import typeset
from sr_portal.web.templatetags.portal import day, usd
from tests.documents.files import jpeg, png
from tests.documents.printed import assert_accessible, elements, read, text_of
from tests.factories.accounts import user_with

NOON = dt.datetime(2026, 11, 1, 12, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def paper(*blocks, **more) -> Paper:
    values = {"title": "Réhabilitation du forage", "file_name": "x", "language": "fr", "made_at": NOON, **more}
    return Paper(**values, blocks=list(blocks))


def photo(content: bytes = b"", name: str = "Forage.jpg") -> Document:
    return store(ContentFile(content or jpeg(), name=name), by=user_with(Role.PROPOSER))


def test_french_is_printed_with_its_accents_amounts_and_dates():
    printed = typeset(
        paper(
            Heading("L’œuvre achevée à Ménaka"), Text(f"Coût : {usd('50000.5')}, payé le {day(NOON)}."), reference="QIP-1"
        )
    )  # fmt: skip

    text = text_of(printed)
    assert "L’œuvre achevée à Ménaka" in text
    assert "Coût : 50\u202f000,50\u00a0USD, payé le 1er novembre 2026." in text
    assert "QIP-1" in text and "Édité le 1er novembre 2026 à 12\u00a0h\u00a005" in text and "Page 1 sur 1" in text


def test_a_document_is_tagged_for_screen_readers_and_for_archives():
    printed = typeset(
        paper(
            Heading("Budget"),
            Table([Column("Ligne", weight=1), Column("Montant", "right")], [["Travaux", "1"]], [["Total", "1"]]),
            Bullets(["un", "deux"]),
        )
    )

    assert_accessible(printed, language="fr", title="Réhabilitation du forage")
    assert len(elements(printed, "/H1")) + len(elements(printed, "/Title")) >= 1
    assert len(elements(printed, "/TH")) == 2 and len(elements(printed, "/TD")) == 4
    assert len(elements(printed, "/LI")) == 2


def test_an_english_document_says_so():
    printed = typeset(paper(Text("The works are done."), language="en", title="Agreement"))

    assert_accessible(printed, language="en", title="Agreement")


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x") #eval("1") #include "/etc/passwd"',
        "*gras* _italique_ `code` $x^2$ @renvoi <étiquette> = titre",
        'guillemet " barre \\ accolade { } crochet [ ] // commentaire /* fin',
        "- tiret\n+ plus\n/ terme: x\n= Titre\n```\nbloc\n```",
    ],
)
def test_what_people_write_is_never_read_as_markup(hostile):
    cells = Table([Column(hostile)], [[hostile]], [[hostile]], caption=hostile)
    printed = typeset(
        paper(
            Heading(hostile), Text(hostile), Note(hostile, hostile), Bullets([hostile]), Facts([(hostile, hostile)]),
            cells, Bars((hostile, hostile), 4, [(hostile, hostile, 0, 2)]), Signatures([Signatory(hostile, hostile)], hostile),
            title=hostile, subtitle=hostile, reference=hostile, draft=hostile,
        )
    )  # fmt: skip

    said = text_of(printed)
    for word in hostile.split():
        assert said.count(word) >= 10


@pytest.mark.parametrize(
    "sign", ["😀", "漢", "ⵜ", "\ue000", "\x00", "\x07", "\ud83d", "\U0010ffff", "\uffff", "👩🏽‍🌾"]
)
def test_a_sign_that_no_font_has_costs_a_box_and_not_the_document(sign):
    printed = typeset(paper(Text(f"avant {sign} après"), title=f"Forage {sign}"))

    text = text_of(printed)
    assert "avant" in text and "après" in text


def test_a_sign_without_a_shape_costs_nothing_of_its_neighbours():
    text = text_of(typeset(paper(Text("Ɛ ɔ 😀 مرحبا ⵜ ŋ"))))

    assert "Ɛ ɔ □ مرحبا □ ŋ" in text


def test_other_scripts_of_mali_are_printed():
    assert "ɛ ɔ ŋ ɲ Ɓ" in text_of(typeset(paper(Text("ɛ ɔ ŋ ɲ Ɓ"))))


def test_lines_and_paragraphs_are_kept():
    printed = typeset(paper(Text("premier\r\nsecond\n\ntroisième\tsuite\u2028fin")))

    lines = read(printed).pages[0].extract_text().splitlines()
    for line in ("premier", "second", "troisième suite", "fin"):
        assert line in lines


def test_an_endless_word_stays_within_the_page():
    word = "A" * 3000
    printed = typeset(
        paper(Text(word), Facts([("Clé", word)]), Table([Column("a", weight=1), Column("b")], [[word, "1"]]))
    )

    page = read(printed).pages[0]
    right = []
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: right.append(tm[4]) if text.strip() else None)
    assert max(right) < float(page.mediabox.right)
    assert text_of(printed).count("A") == 3 * 3000


def test_twenty_pages_of_text_and_a_row_longer_than_a_page_break_where_they_must():
    long = "Le forage est à l’arrêt. " * 4500
    table = Table(
        [Column("Texte", weight=1), Column("N°")], [[str(row), str(row)] for row in range(200)] + [[long[:9000], "fin"]]
    )
    printed = typeset(paper(Text(long), table))

    pages = read(printed).pages
    assert len(pages) > 20
    assert f"Page {len(pages)} sur {len(pages)}" in pages[-1].extract_text()
    heads = sum("Texte N°" in page.extract_text() for page in pages)
    assert heads >= 6  # the head of the table comes back on each of its pages


def test_equal_papers_give_equal_bytes():
    blocks = [Heading("Un"), Text("texte"), Contents("Sommaire")]

    assert typeset(paper(*blocks)) == typeset(paper(*blocks))


def test_what_stays_together_is_never_parted_wherever_the_page_ends():
    words = Text("Le présent protocole entre en vigueur à la date de la dernière signature.")
    signing = Together([Heading("Signatures"), words, Signatures([Signatory("Le président")], "Fait à Gao.")])
    for lines in range(20, 46):
        pages = [page.extract_text() for page in read(typeset(paper(Text("ligne\n" * lines), signing))).pages]
        [page] = [page for page in pages if "Le président" in page]
        assert "Signatures" in page and "dernière signature" in page and "Fait à Gao." in page, lines


def test_a_heading_is_never_left_alone_at_the_end_of_a_page():
    table = Table([Column("Ligne", weight=1)], [["Travaux"], ["Fournitures"]])
    for lines in range(30, 48):
        pages = [
            page.extract_text()
            for page in read(typeset(paper(Text("ligne\n" * lines), Heading("Budget"), table))).pages
        ]
        [page] = [page for page in pages if "Budget" in page]
        assert "Travaux" in page, lines


@pytest.mark.django_db
def test_a_photo_is_small_upright_and_said_in_words():
    large = photo(jpeg((4000, 3000), orientation=6))
    printed = typeset(paper(Photos([Photo(large, "Le forage", "Forage en travaux, vu du sud")])))

    [figure] = elements(printed, "/Figure")
    assert figure["/Alt"] == "Forage en travaux, vu du sud"
    [image] = [image for page in read(printed).pages for image in page.images]
    assert max(image.image.size) <= 1200 and image.image.height > image.image.width
    assert len(printed) < 400_000
    assert_accessible(printed, language="fr", title="Réhabilitation du forage")


@pytest.mark.django_db
def test_a_photo_that_is_gone_damaged_or_withdrawn_leaves_a_frame_and_the_rest():
    gone, damaged, away = photo(), photo(png(), "Plan.png"), photo(jpeg((640, 480)))
    gone.file.storage.delete(gone.file.name)
    with open(damaged.file.path, "wb") as file:
        file.write(b"not a picture")
    away = withdraw(away, by=away.uploaded_by, reason="Des visages y sont reconnaissables.")
    shown = [Photo(document, f"légende {rank}", "alt") for rank, document in enumerate((gone, damaged, away))]

    text = text_of(typeset(paper(Photos(shown), Text("La suite."))))
    assert text.count("Photo illisible ou absente") == 3
    assert "légende 0" in text and "légende 2" in text and "La suite." in text


def test_a_section_without_contents_is_left_out():
    assert section("Rien", None, facts(("Vide", ""), ("Aussi", None))) == []
    assert facts(("Zéro", 0)) == Facts([("Zéro", 0)])


def test_a_part_of_a_larger_document_stands_one_level_lower():
    lower = deeper([Heading("A"), Together([Heading("B", 2)])])

    assert [lower[0].level, lower[1].blocks[0].level] == [2, 3]
