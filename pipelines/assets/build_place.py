"""Where a run builds: in a build that it began, in the one that its parent began, or in the dev warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipelines.assets.layers import shapes_done
from pipelines.errors import UcvError
from pipelines.publishing.build_record import BuildRecord, read_build_record, write_build_record
from pipelines.publishing.fingerprint import Inputs
from pipelines.publishing.layout import builds_dir
from pipelines.publishing.version import current_manifest

_ANEW = "Launch the whole job `build` (Re-execute all, not from failure), or `ucv run --full-refresh`."


@dataclass(frozen=True)
class BuildPlace:
    """A directory to build in; `record` is None for the dev warehouse, which belongs to no build and is never published."""

    folder: Path
    record: BuildRecord | None

    @property
    def is_dev(self) -> bool:
        return self.record is None

    def with_part(self, part: str, *, is_done: bool) -> BuildPlace:
        """The place with the part as done, or as not done any more; `note` keeps that."""
        if self.record is None:
            return self
        others = tuple(name for name in self.record.parts if name != part)
        return replace(self, record=replace(self.record, parts=(*others, part) if is_done else others))

    def note(self) -> BuildPlace:
        """Keep the record in the build's directory, durably."""
        if self.record is not None:
            write_build_record(self.folder, self.record)
        return self


def begun_build(home: Path, runs: Sequence[str]) -> BuildPlace | None:
    """The build of the first of these runs that began one which is still there."""
    for run_id in runs:
        folder = builds_dir(home) / run_id
        record = read_build_record(folder)
        if record is not None:
            return BuildPlace(folder, record)
    return None


def check_fit(home: Path, place: BuildPlace, inputs: Inputs, asked: date | None = None) -> None:
    """UcvError unless going on with a build gives what one undisturbed run would give with what lies in the home now.

    Code of parts that are still to be built may have changed: mending it is why people re-execute from failure. `asked` is
    the as-of date that the run was given, if any.
    """
    record = place.record
    if record is None or is_published(home, place):
        return
    changed = [
        group for group in record.changed(inputs)
        if not group.startswith("code ") or shapes_done(group.removeprefix("code "), record.parts)
    ]  # fmt: skip
    if asked not in (None, record.as_of):
        changed.append(f"the as-of date (from {record.as_of} to {asked})")
    if record.is_overtaken(home):
        changed.append("the published version, and with it the ids of customers")
    if changed:
        raise UcvError(
            f"The build that run {record.run_id[:8]} began cannot be gone on with: since then {', '.join(changed)} changed, and "
            f"its done parts ({', '.join(record.parts) or 'none'}) were made from what was there before. {_ANEW}"
        )


def is_published(home: Path, place: BuildPlace) -> bool:
    """Whether readers see the version that was made from this build."""
    manifest = current_manifest(home)
    return manifest is not None and manifest.build_id == place.folder.name


def no_build(parents: Sequence[str]) -> UcvError:
    """The error of a run that should go on with a build, or publish one, where there is none."""
    if parents:
        return UcvError(
            f"The build of run {parents[-1][:8]}, which this run would go on with, is not there any more: a later one took "
            f"its place. {_ANEW}"
        )
    return UcvError(
        "This run has no build: models, gates and publishing work on the build that its first part begins. "
        + _ANEW
    )
