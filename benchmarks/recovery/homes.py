"""A small home whose nights can be repeated: five sources of invented people, a first delivery and a later one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.demo.followup import generate_followup
from pipelines.demo.generate import generate_demo
from pipelines.settings import Settings, load_settings
from pipelines.storage.home import create_home
from pipelines.storage.keys import Keys, load_keys

SOURCES = ("ecommerce_orders", "list_leased", "member_club", "opt_outs", "web_registrations")
PEOPLE, SEED = 60, 3
FIRST_DAY, SECOND_DAY = date(2026, 11, 1), date(2026, 11, 2)
_ARRIVED = {
    day: datetime(day.year, day.month, day.day, 1, tzinfo=UTC).timestamp() for day in (FIRST_DAY, SECOND_DAY)
}


class Root:
    """A folder that holds a home and, beside it, its key: copied together they are one deployment."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.home = path / "home"
        self.config = path / "config"

    def copy_to(self, path: Path) -> Root:
        """The same deployment once more; times of files are kept, since they tell when a file was delivered."""
        shutil.copytree(self.path, path, symlinks=True, dirs_exist_ok=True)
        return Root(path)

    @contextmanager
    def opened(self) -> Iterator[tuple[Settings, Keys]]:
        """Settings and keys of the home, read in this process."""
        before = os.environ.get("XDG_CONFIG_HOME")
        os.environ["XDG_CONFIG_HOME"] = str(self.config)
        try:
            settings = load_settings(self.home, min_free_bytes=0)
            yield settings, load_keys(settings)
        finally:
            if before is None:
                del os.environ["XDG_CONFIG_HOME"]
            else:
                os.environ["XDG_CONFIG_HOME"] = before


def make_home(path: Path) -> Root:
    """A home with the first day's deliveries in landing, and those of the second day beside it (see `deliver_second`)."""
    root = Root(path)
    path.mkdir(parents=True, exist_ok=True)
    os.environ["XDG_CONFIG_HOME"], before = str(root.config), os.environ.get("XDG_CONFIG_HOME")
    try:
        create_home(root.home)
    finally:
        os.environ.pop("XDG_CONFIG_HOME") if before is None else os.environ.update(XDG_CONFIG_HOME=before)
    making = path / "making"
    generate_demo(making, PEOPLE, SEED, as_of=FIRST_DAY)
    _arrange(making, root.home / "landing", FIRST_DAY)
    shutil.rmtree(making)
    generate_followup(making, PEOPLE, SEED, as_of=FIRST_DAY, delivered_on=SECOND_DAY)
    _arrange(making, path / "second", SECOND_DAY)
    for source in SOURCES:
        generated = making.parent / "home" / "contracts" / f"{source}.yml"
        shutil.copyfile(Path(__file__).parents[2] / "data" / "contracts" / f"{source}.yml", generated)
    shutil.rmtree(making)
    return root


def deliver_second(root: Root) -> None:
    """Put the second day's files into landing, with the times at which they were delivered."""
    shutil.copytree(root.path / "second", root.home / "landing", dirs_exist_ok=True)


def _arrange(made: Path, target: Path, day: date) -> None:
    """Move the five sources' files to `target`, delivered a minute apart at one o'clock (UTC) of `day`."""
    for turn, source in enumerate(SOURCES):
        for path in sorted((made / "landing" / source).glob("*")):
            (target / source).mkdir(parents=True, exist_ok=True)
            moved = target / source / path.name
            shutil.move(path, moved)
            os.utime(moved, (_ARRIVED[day] + 60 * turn,) * 2)
