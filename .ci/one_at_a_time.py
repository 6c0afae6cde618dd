"""Run a command while nobody else in this folder runs one through here: `one_at_a_time.py COMMAND [ARGUMENT…]`.

Two `make demo` at once would otherwise write the same environment twice. Standard library only: it runs first of all.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

var = Path(os.environ.get("VAR_DIR", Path(__file__).resolve().parent.parent / "var"))
var.mkdir(parents=True, exist_ok=True)
with (var / ".make.lock").open("w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
