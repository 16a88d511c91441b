"""After a run: what turned red or green becomes an event in home/alerts/ and goes to the routes that want it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipelines.alerts.event import RunNews, event_of
from pipelines.alerts.route import AlertRoute
from pipelines.alerts.send import PATIENCE, Patience, body_of, send_all
from pipelines.alerts.state import AlertState, alerts_folder, read_state, write_state
from pipelines.storage.durable import write_file


def tell(home: Path, routes: Sequence[AlertRoute], news: RunNews, patience: Patience = PATIENCE) -> list[str]:
    """Tell a run's news once, however often it is called for it; returns warnings, without any address.

    A check is told when it turns red and when it passes again. Raises filelock.Timeout while another run is being told
    for longer than posts may take.
    """
    folder = alerts_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock", timeout=patience.total + 5):
        state = read_state(home)
        if news.run_id in state.handled:
            return []
        red, green = state.take(news)
        if red or green:
            _write_event(folder, event_of(news, red, green))
        # Before posting: a process that dies in between has told nobody, and the next run makes up for it.
        write_state(home, state)
        warnings = _send(state, routes, news, patience)
        state.forget(routes)
        write_state(home, state)
        return warnings


def _send(state: AlertState, routes: Sequence[AlertRoute], news: RunNews, patience: Patience) -> list[str]:
    due = [(number, route, *state.due(route)) for number, route in enumerate(routes, 1)]
    due = [(number, route, red, green) for number, route, red, green in due if red or green]
    posts = [(route, body_of(route, event_of(news, red, green))) for _, route, red, green in due]
    warnings = []
    for (number, route, red, green), why in zip(due, send_all(posts, patience), strict=True):
        if why is None:
            state.was_told(route, red, green)
        else:
            warnings.append(
                f"Alert {number} of ucv.toml ({route.form}) was not sent: {why}; the next run tries again."
            )
    return warnings


def _write_event(folder: Path, event: dict[str, Any]) -> None:
    moment = re.sub(r"[^0-9T]", "", event["at"].partition("+")[0].partition(".")[0])
    text = json.dumps(event, ensure_ascii=False, indent=1)
    write_file(folder / f"{moment}-{event['run_id']}.json", text.encode())
