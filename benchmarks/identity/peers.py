"""The peers: each in an environment of its own below the cache, so that the project's pins never meet theirs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sets.cache import CACHE
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
        folder = CACHE / "environments" / self.name
        python = folder / "bin" / "python"
        ready = folder / ".installed"
        if not ready.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            command = [str(python), "-m", "pip", "install", "--quiet", *self.packages]
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode:
                print(
                    f"{self.name} cannot be installed here and is left out:\n{made.stderr[-500:]}",
                    file=sys.stderr,
                )
                return None
            ready.touch()
        return python

    def run(self, first: str, data: Path, out: Path) -> Watched | None:
        """The engine over `data`; its files are `out`.csv and `out`.json."""
        python = self.python()
        if python is None:
            return None
        # Not ours: the checkout must not lie on the path of another environment.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [str(python), str(ENGINES / self.script), first, str(data), str(out)]
        return watch(command, environment, out.with_suffix(".log"))


SPLINK = Peer("splink", "splink_engine.py", ("splink",))
GOLDENMATCH = Peer("goldenmatch", "goldenmatch_engine.py", ("goldenmatch", "pyarrow"))
