"""Dagster's pages on loopback, and beside them the pages of the runs and the data docs of the gates."""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rich.console import Console

from pipelines.alerts.route import check_routes
from pipelines.command.dead_runs import end_dead_runs
from pipelines.command.process_group import run_group
from pipelines.command.run import dagster_environment
from pipelines.errors import SettingsError
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.storage.home import ensure_instance

LOOPBACK = "127.0.0.1"
_SUPERSEDED = "ignore:Function `dev_command` is superseded"


def serve_ui(settings: Settings, port: int, console: Console) -> int:
    """Dagster's web server and daemon, and the home's docs, until interrupted; returns the exit code.

    Raises SettingsError when the project's workspace file or the address of an alert is missing.
    """
    workspace = PROJECT_ROOT / "workspace.yaml"
    if not workspace.exists():
        raise SettingsError(f"{workspace} is missing; run from a checkout of the project.")
    check_routes(settings.alerts)
    ensure_instance(settings.home)
    dagster_environment(settings)
    import dagster as dg  # noqa: PLC0415 - after the environment is set

    with dg.DagsterInstance.get() as instance:
        for run_id in end_dead_runs(settings, instance):
            console.print(f"Run {run_id} had died; it is marked as failed.", highlight=False)
    # `dg dev` would not honour workspace.yaml; that `dagster dev` calls itself superseded helps nobody at the screen.
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), _SUPERSEDED)))
    command = [
        str(Path(sys.executable).parent / "dagster"),
        "dev",
        "-w",
        str(workspace),
        "-h",
        LOOPBACK,
        "-p",
        str(port),
    ]
    with serve_docs(settings, console):
        console.print(f"Dagster: http://{LOOPBACK}:{port} (Ctrl+C ends it)", highlight=False)
        return run_group(command, PROJECT_ROOT)


@contextmanager
def serve_docs(settings: Settings, console: Console) -> Iterator[None]:
    """Serve the home's docs folder, which holds figures and no personal values, on loopback at `docs_port`."""
    folder = settings.home / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(_Quiet, directory=str(folder))
    try:
        server = ThreadingHTTPServer((LOOPBACK, settings.docs_port), handler)
    except OSError as error:
        console.print(
            f"Port {settings.docs_port} is taken ({error.strerror}), so links to pages of runs do not open; the files are in "
            f"{folder}. Set docs_port in ucv.toml to a free one.",
            highlight=False,
        )
        yield
        return
    threading.Thread(target=server.serve_forever, daemon=True).start()
    console.print(f"Pages of the runs: {settings.docs_url} (files in {folder})", highlight=False)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    """Without a line per request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        return
