"""What one run builds: a build that it begins, the one that the run it re-executes began, or single assets in dev."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from pipelines.assets.build_place import BuildPlace, begun_build, check_fit, is_published, no_build
from pipelines.assets.run_start import RunStart
from pipelines.errors import UcvError
from pipelines.publishing.build_record import BuildRecord, write_build_record
from pipelines.publishing.fingerprint import Inputs
from pipelines.publishing.kept_build import keep_nothing
from pipelines.publishing.layout import builds_dir
from pipelines.warehouse import begin_dev_file, dev_path


class RunBuild:
    """Found when it is first asked for; a build that an earlier run began is held against the home first, once."""

    def __init__(self, home: Path, facts: RunStart, asked: date | None, inputs: Callable[[], Inputs]) -> None:
        """`asked` is the as-of date that this run was given, if any; `inputs` are hashed when they are needed."""
        self._home, self._facts, self._asked, self._inputs = home, facts, asked, inputs
        self._place = begun_build(home, facts.parents)
        self._is_checked = False

    @property
    def record(self) -> BuildRecord | None:
        """Of the build that this run began or may go on with; it is not held against the home for that."""
        return self._place.record if self._place else None

    @property
    def folder(self) -> Path:
        """Where this run builds. Raises UcvError where it has no build, or one that cannot be gone on with."""
        return self._found().folder

    @property
    def is_dev(self) -> bool:
        """Whether single assets were asked for, which are made in the dev warehouse and never published."""
        return self._found().is_dev

    @property
    def publishes(self) -> bool:
        """Whether this run was asked for the published version."""
        return self._facts.publishes

    def begin(self, as_of: Callable[[], date]) -> None:
        """Begin a build of this run's own; every later step works in it. `as_of` is asked once no other build is known."""
        self._place = None
        record = BuildRecord.begin(
            self._home, self._facts.run_id, as_of(), self._facts.started_at, self._inputs()
        )
        folder = builds_dir(self._home) / self._facts.run_id
        folder.mkdir(parents=True, exist_ok=True)
        write_build_record(folder, record)
        self._place, self._is_checked = BuildPlace(folder, record), True

    def begin_part(self, part: str, *, is_whole: bool) -> str | None:
        """Before a part, or some tables of it, are made: what is worth telling about where.

        Raises UcvError when the build is published, or its other tables of this part were made by other code.
        """
        place = self._found()
        if place.record is None:
            return (
                f"Single assets: made in the dev warehouse {place.folder}, from what lies there; readers see nothing of it, and "
                "nothing is published from it."
            )
        if is_published(self._home, place):
            raise UcvError(
                f"The build of run {place.record.run_id[:8]} is published already; re-execute all steps."
            )
        if not is_whole:
            check_fit(self._home, place.with_part(part, is_done=True), self._inputs())
        self._place = place.with_part(part, is_done=False).note()
        if place.record.run_id == self._facts.run_id:
            return None
        keep_nothing(place.folder)
        done = ", ".join(place.record.parts) or "nothing"
        return f"Goes on with the build that run {place.record.run_id[:8]} began, as of {place.record.as_of}; done there: {done}."

    def end_part(self, part: str) -> None:
        """Note that a part of the build is done, so that a later run need not make it again."""
        self._place = self._found().with_part(part, is_done=True).note()

    def fingerprint(self) -> str:
        """The inputs' fingerprint with which the build began; UcvError in a run that has none."""
        record = self._found().record
        if record is None:
            raise no_build(())
        return record.fingerprint

    def _found(self) -> BuildPlace:
        if self._place is None:
            if self._facts.publishes:
                raise no_build(self._facts.parents)
            begin_dev_file(self._home)
            self._place = BuildPlace(dev_path(self._home).parent, None)
        elif not self._is_checked:
            check_fit(self._home, self._place, self._inputs(), self._asked)
        self._is_checked = True
        return self._place
