"""The examples of programs that do not run here name lists, parameters and fields that the API has."""

import pathlib
import re

import pytest

from sr_portal.api.document import committed
from sr_portal.api.examples import FOLDER, PLACEHOLDER

# File → the list it pulls, and the fields it names, a path for what lies in one.
NAMED = {
    "pull.R": ("projects", ()),
    "projects.pq": ("projects", ()),
    "power-bi.pq": ("contributions", ("donor", "signed_on", "signed_usd", "received_usd")),
}


def properties_of(name: str) -> dict:
    content = committed()["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]
    return content["schema"]["properties"]


@pytest.mark.parametrize("file", NAMED)
def test_what_an_example_names_is_in_the_document(file):
    text = pathlib.Path(FOLDER / file).read_text()
    name, fields = NAMED[file]
    operation = committed()["paths"][f"/api/v1/{name}"]["get"]
    known = {one.get("name") or one["$ref"].rpartition("/")[2] for one in operation["parameters"]}
    asked = set(re.findall(r"\b(page_size|cursor)\s*=", text))
    assert asked and asked <= known
    assert name in text and PLACEHOLDER in text and "api/v1" in text
    assert {"results", "next"} <= set(properties_of(name))
    assert re.search(r"results", text) and re.search(r"\bnext\b", text)
    (row,) = [committed()["components"]["schemas"][properties_of(name)["results"]["items"]["$ref"].rpartition("/")[2]]]
    assert all(f'"{field}"' in text and field in row["properties"] for field in fields)


def test_every_pull_in_a_language_that_does_not_run_here_is_looked_at():
    assert {path.name for path in FOLDER.iterdir() if path.suffix in (".R", ".pq")} == set(NAMED)
