"""A PostgreSQL server of our own on loopback, for one test module; it needs Debian's postgresql, and no root's rights."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER, PASSWORD = "ucv", "Pa55-wörd'x"


class Postgres:
    """A running server: `run` executes SQL there as its owner; `stop` and `start` do what they say."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._folder = binaries, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        secret = folder / "pw"
        secret.write_text(PASSWORD, encoding="utf-8")
        self._call("initdb", "-D", str(folder / "data"), "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}",
                   "--no-sync", "--encoding=UTF8", "--no-locale")  # fmt: skip
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} -c fsync=off"
        self._call(
            "pg_ctl",
            "-D",
            str(self._folder / "data"),
            "-l",
            str(self._folder / "log"),
            "-w",
            "-o",
            options,
            "start",
        )

    def stop(self) -> None:
        self._call("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def run(self, sql: str) -> None:
        words = [
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            USER,
            "-d",
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        self._call("psql", "-q", *words, "-c", sql, PGPASSWORD=PASSWORD)

    def _call(self, program: str, *words: str, **environment: str) -> None:
        command = [str(self._binaries / program), *words]
        if os.geteuid() == 0:  # the server refuses to run as root
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(
            command, cwd=self._folder, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=(self._folder / "err").open("ab"), check=False,
        )  # fmt: skip
        assert done.returncode == 0, (self._folder / "err").read_text("utf-8")


def binaries() -> Path | None:
    """Where the server's programs lie: the newest of Debian's folders, else beside the first on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("initdb")
    path = found[-1] if found else Path(beside).resolve() if beside else None
    return path.parent if path else None


@contextmanager
def postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a short path: a socket's may have 107 bytes
    place = binaries()
    assert place is not None
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = Postgres(place, folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
