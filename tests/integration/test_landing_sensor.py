"""The landing sensor starts one run for a set of complete files, and none again for the same set."""

from __future__ import annotations

import os
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines.schedules import landing_sensor
from pipelines.settings import Settings


@dg.job
def nothing() -> None:
    """Stands in place of the nightly job, which a sensor only names."""


class Landing:
    """A landing folder and the sensor that looks at it, with its cursor carried from look to look."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "landing"
        self.sensor = landing_sensor(nothing, Settings(home=home))
        self.instance = dg.DagsterInstance.ephemeral()
        self.cursor: str | None = None

    def put(self, name: str, text: str = "a", age: float = 300.0) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (time.time() - age,) * 2)

    def look(self) -> tuple[str | None, str]:
        """The key of the run that is asked for, or None and why not."""
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        data = self.sensor.evaluate_tick(context)
        self.cursor = data.cursor or self.cursor
        requests = list(data.run_requests or [])
        assert len(requests) <= 1
        return (requests[0].run_key if requests else None), data.skip_message or ""


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


def test_one_run_for_a_set_of_files_and_none_for_the_same_again(landing: Landing) -> None:
    assert landing.look() == (None, "Nothing new has landed.")
    landing.put("web/a.csv")
    landing.put("pos/b.csv")
    first, _ = landing.look()
    assert first
    assert landing.look() == (None, "Nothing new has landed.")
    landing.put("web/c.csv")
    second, _ = landing.look()
    assert second not in (None, first)


def test_a_changed_file_is_news_and_a_removed_one_is_not(landing: Landing) -> None:
    landing.put("web/a.csv")
    landing.put("web/b.csv")
    first, _ = landing.look()
    landing.put("web/a.csv", "aa", age=200)
    second, _ = landing.look()
    assert second not in (None, first)
    (landing.folder / "web" / "b.csv").unlink()
    assert landing.look()[0] is None
    landing.put("web/b.csv", age=100)
    assert landing.look()[0], "delivered again"


def test_waits_while_a_file_is_being_written(landing: Landing) -> None:
    landing.put("web/a.csv")
    landing.put("web/b.csv", age=5)
    key, why = landing.look()
    assert key is None
    assert "written" in why
    landing.put("web/b.csv", age=61)
    assert landing.look()[0]


@pytest.mark.parametrize("name", ["web/.hidden.csv", "web/a.csv.part", "web/a.csv.tmp"])
def test_files_that_are_no_deliveries_do_not_count(landing: Landing, name: str) -> None:
    landing.put(name, age=1)
    assert landing.look() == (None, "Nothing new has landed.")


def test_a_look_that_was_not_remembered_asks_for_the_same_run(landing: Landing) -> None:
    landing.put("web/a.csv")
    first, _ = landing.look()
    landing.cursor = None  # the daemon died after the request and before it wrote the cursor
    assert landing.look()[0] == first
