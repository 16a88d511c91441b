"""What is red and who was told, kept in home/alerts/state.json, so that nobody hears twice of what stays red.

A route that could not be reached was not told: the next run tries again, whatever it judged itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.alerts.event import RUN_LAYER, RunNews, Turn, judged
from pipelines.alerts.route import AlertRoute
from pipelines.quality.results import CheckResult, result_of
from pipelines.storage.durable import write_file

_HANDLED = 200  # runs; a sensor that comes again comes soon


def alerts_folder(home: Path) -> Path:
    return home / "alerts"


@dataclass
class AlertState:
    """`red` holds the checks that fail now, `green` those that pass again while some route still believes them red.

    Both by key; `told` are the keys that each route (by its id) was told to be red.
    """

    red: dict[str, Turn] = field(default_factory=dict)
    green: dict[str, Turn] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    handled: list[str] = field(default_factory=list)

    def take(self, news: RunNews) -> tuple[list[Turn], list[Turn]]:
        """Take in a run's results; returns what turned red and what turned green with it."""
        red, green = [], []
        for result in judged(news):
            turn = Turn(result, news.at)
            if result.passed:
                green += [self.red.pop(key) for key in self._passed_by(turn)]
            else:
                known = self.red.get(turn.key)
                self.red[turn.key] = Turn(result, known.since) if known else turn
                self.green.pop(turn.key, None)
                red += [] if known else [turn]
        self.green |= {turn.key: turn for turn in green}
        self.handled = [*self.handled, news.run_id][-_HANDLED:]
        return red, green

    def due(self, route: AlertRoute) -> tuple[list[Turn], list[Turn]]:
        """What a route does not know yet: red checks that it wants, and green ones that it was told to be red."""
        told = self.told.get(route.id, set())
        red = [
            turn
            for key, turn in self.red.items()
            if key not in told and route.wants(turn.result.owner, turn.result.severity)
        ]
        return red, [turn for key, turn in self.green.items() if key in told]

    def was_told(self, route: AlertRoute, red: Sequence[Turn], green: Sequence[Turn]) -> None:
        told = self.told.setdefault(route.id, set())
        told |= {turn.key for turn in red}
        told -= {turn.key for turn in green}

    def forget(self, routes: Sequence[AlertRoute]) -> None:
        """Drop routes that are gone, and green checks that every route knows of."""
        ids = {route.id for route in routes}
        self.told = {name: keys for name, keys in self.told.items() if name in ids and keys}
        waiting = set().union(*self.told.values())
        self.green = {key: turn for key, turn in self.green.items() if key in waiting}

    def _passed_by(self, turn: Turn) -> list[str]:
        """A run that ends well ends every earlier failure of its job, whichever step it was."""
        if turn.result.layer == RUN_LAYER:
            return [key for key in self.red if key.startswith(turn.key)]
        return [turn.key] if turn.key in self.red else []


def read_state(home: Path) -> AlertState:
    """The state as it was left; an empty one where there is none or it cannot be read: then what is red is told once more."""
    try:
        kept: dict[str, Any] = json.loads((alerts_folder(home) / "state.json").read_text(encoding="utf-8"))
        return AlertState(
            red={key: _turn(values) for key, values in kept["red"].items()},
            green={key: _turn(values) for key, values in kept["green"].items()},
            told={name: set(keys) for name, keys in kept["told"].items()},
            handled=list(kept["handled"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return AlertState()


def write_state(home: Path, state: AlertState) -> None:
    kept = {
        "red": {key: _values(turn) for key, turn in state.red.items()},
        "green": {key: _values(turn) for key, turn in state.green.items()},
        "told": {name: sorted(keys) for name, keys in state.told.items()},
        "handled": state.handled,
    }
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    write_file(alerts_folder(home) / "state.json", text.encode())


def _values(turn: Turn) -> dict[str, Any]:
    return {"since": turn.since, "result": turn.result.as_dict()}


def _turn(values: dict[str, Any]) -> Turn:
    result: CheckResult = result_of(values["result"])
    return Turn(result, values["since"])
