"""What became of one source's contract since the version that readers see, in facts and in words."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contracts.change import COSMETIC, MINOR, Change
from pipelines.contracts.change_log import Entry, logged
from pipelines.contracts.changes import format_changes
from pipelines.contracts.model import Contract
from pipelines.storage.checksums import file_hash

COMPATIBLE, DECLARED, ACCEPTED, STOPPED, BROKEN = "compatible", "declared", "accepted", "stopped", "broken"


@dataclass(frozen=True)
class Comparison:
    """What became of one source's contract since the published version. `stopping` are the changes nobody stands for.

    `state` is compatible, declared (by the version), accepted (by a person), stopped, or broken: the file cannot be used.
    """

    source_id: str
    state: str
    before: Contract
    after: Contract | None
    changes: tuple[Change, ...] = ()
    stopping: tuple[Change, ...] = ()

    @property
    def told(self) -> str:
        """For people: what changed and, of a stopped one, what to do."""
        versions = (
            f"{self.before.version} -> {self.after.version}"
            if self.after
            else f"{self.before.version} -> gone"
        )
        if self.is_stopped:
            head = f"{self.source_id} {versions}: {_counted(len(self.stopping), 'breaking change')} since the contract that the "
            head += "published version was built with. Nothing of the source is read, and its records stay as they are."
            return f"{head}\n{format_changes(self.stopping)}\n{self._remedy()}"
        if self.state == BROKEN:
            return (
                f"{self.source_id}: its contract cannot be used; its records stay as version {self.before.version} of it, with "
                "which the published version was built, has them."
            )
        return f"{self.source_id} {versions}: {self.state}\n{format_changes(self.changes)}"

    def _remedy(self) -> str:
        accept = f"accept once with `ucv accept-contract {self.source_id} --name WHO --reason WHY`"
        if self.after is None:
            return f"Put the file back, or {accept}."
        part = "minor" if all(change.declared_by == MINOR for change in self.stopping) else "major"
        return f"Take them back, raise the contract's version to the next {part} one to say that they are meant, or {accept}."

    @property
    def is_stopped(self) -> bool:
        return self.state == STOPPED

    @property
    def is_gone(self) -> bool:
        """Whether there is no file any more, not even a broken one."""
        return self.after is None and self.state != BROKEN

    def entry(self, action: str, at: str, by: str | None = None, reason: str | None = None) -> Entry:
        """This step as a line of the log; without what is only cosmetic."""
        listed = tuple(logged(change) for change in self.changes if change.severity != COSMETIC)
        hashes = [file_hash(one.path) if one else None for one in (self.before, self.after)]
        version = self.after.version if self.after else None
        return Entry(
            at,
            action,
            self.source_id,
            self.before.version,
            version,
            str(hashes[0]),
            hashes[1],
            listed,
            by,
            reason,
        )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
