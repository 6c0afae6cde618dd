"""A secret key made once for this machine's demo, development and tests; production brings its own."""

import os
import secrets
from pathlib import Path


def local_secret_key(directory: Path) -> str:
    """Read the key kept in `directory`, or make one; safe when two processes start at once."""
    path = directory / "secret_key"
    directory.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key
