"""Run a command against a PostgreSQL cluster of its own, made for it and removed after it.

    python -m tests.support.postgresql pytest -q

The cluster listens on a Unix socket only. PostgreSQL refuses to run as root, so root hands it to the postgres user.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from glob import glob
from pathlib import Path


def programs() -> Path:
    """The folder that holds initdb and pg_ctl; exits with words when there is none."""
    on_path = shutil.which("initdb")
    folders = [str(Path(on_path).parent)] if on_path else []
    folders += sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)
    folders += sorted(glob("/opt/homebrew/opt/postgresql*/bin"), reverse=True)
    for folder in folders:
        if (Path(folder) / "pg_ctl").exists():
            return Path(folder)
    sys.exit("No PostgreSQL server found. Debian: apt install postgresql. macOS: brew install postgresql.")


def as_server(command: list[str]) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    binaries, folder = programs(), Path(tempfile.mkdtemp(prefix="tending-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    folder.chmod(0o711)
    data = folder / "data"
    try:
        as_server([str(binaries / "initdb"), "-D", str(data), "-U", "tending", "-A", "trust", "-E", "UTF8"])
        # A test cluster may forget everything in a power cut.
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=60"
        as_server(
            [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"]
        )
        address = f"postgres://tending@{str(folder).replace('/', '%2F')}/postgres"
        done = subprocess.run(sys.argv[1:], env={**os.environ, "TENDING_DATABASE_URL": address}, check=False)
        as_server([str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
        return done.returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
