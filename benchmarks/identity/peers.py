"""The peers: each in an environment of its own below the cache, so that the project's pins never meet theirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import environment_python, outside_variables
from benchmarks.watch import Watched, watch

ENGINES = Path(__file__).parent / "engines"


@dataclass(frozen=True)
class Peer:
    """One peer: `script` in engines/, `packages` that its environment gets in their newest releases."""

    name: str
    script: str
    packages: tuple[str, ...]

    def python(self) -> Path | None:
        """Its interpreter, the environment made at first use; None, after telling why, where it cannot be installed."""
        return environment_python(self.name, self.packages)

    def run(self, first: str, data: Path, out: Path) -> Watched | None:
        """The engine over `data`; its files are `out`.csv and `out`.json."""
        python = self.python()
        if python is None:
            return None
        command = [str(python), str(ENGINES / self.script), first, str(data), str(out)]
        return watch(command, outside_variables(), out.with_suffix(".log"))


SPLINK = Peer("splink", "splink_engine.py", ("splink",))
GOLDENMATCH = Peer("goldenmatch", "goldenmatch_engine.py", ("goldenmatch", "pyarrow"))
