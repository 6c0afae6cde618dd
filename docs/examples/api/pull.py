"""An exact copy of a list, kept up to date: run it again whenever you like. Python 3.9 or newer, pip install httpx."""

import json
import os
import pathlib

import httpx

API = os.environ.get("PORTAIL_API", "https://portail.example/api/v1")
LIST = os.environ.get("PORTAIL_LIST", "projects")
KEPT = pathlib.Path(os.environ.get("PORTAIL_COPY", f"{LIST}.json"))

copy = json.loads(KEPT.read_text()) if KEPT.exists() else {"since": "start", "rows": {}}
address = f"{API}/{LIST}?updated_since={copy['since']}&page_size=500"
with httpx.Client(headers={"Authorization": f"Token {os.environ['PORTAIL_TOKEN']}"}, timeout=60) as client:
    while address:
        page = client.get(address).raise_for_status().json()
        for row in page["results"]:
            copy["rows"][str(row["id"])] = row
        for key in page["removed"]:
            copy["rows"].pop(str(key), None)
        copy["since"] = page["updated_since"]
        address = page["next"]
KEPT.write_text(json.dumps(copy, ensure_ascii=False))
print(f"{len(copy['rows'])} rows in {KEPT}")
