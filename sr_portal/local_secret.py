"""Secret keys made once for this machine's demo, development and tests; production brings its own."""

import os
import secrets
import tempfile
from pathlib import Path


def local_secret_key(directory: Path, name: str = "secret_key") -> str:
    """Read the key kept in `directory` under `name`, or make one; safe when several processes start at once.

    The key is written aside, then linked into place: whoever finds the file finds it whole, and the first one wins.
    """
    path = directory / name
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=directory, prefix=f".{name}-")
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(64))
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text()
