"""A steward's sitting, timed: `python -m benchmarks.desk [--people N] [--pairs N] [--home HOME]`.

Judges pairs over HTTP on loopback as the page does, one after the other (every fourth different, every tenth later, every fiftieth
undone), each with its two lines in the access log, and prints milliseconds of the first page and of the judgements; then service's looks
by name and marketing's reach. Exit 1 when a judgement took longer than 200 ms. Without --home a demo of N people is made.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import uvicorn

from benchmarks.demo_home import demo_home
from pipelines.desk.app import build_app
from pipelines.desk.desk import Desk
from pipelines.desk.serve import listening
from pipelines.identity.verdicts import active_verdicts, read_verdicts
from pipelines.publishing.query import open_reader
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys

MOST_MS = 200.0
_FIELD = 'name="{}" value="([^"]*)"'


class Sitting:
    """A browser's session in one role; `times` holds milliseconds of each request by what it was for."""

    def __init__(self, desk: Desk, port: int, role: str) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
        self.client.post("/enter", data={"token": desk.sessions.link(role, "bench")})
        self.client.headers["x-csrf"] = desk.sessions.find(next(iter(self.client.cookies.values()))).csrf
        self.times: dict[str, list[float]] = {}

    def ask(self, what: str, path: str, form: dict[str, str] | None = None) -> str:
        began = time.perf_counter()
        answer = self.client.get(path) if form is None else self.client.post(path, data=form)
        self.times.setdefault(what, []).append((time.perf_counter() - began) * 1000)
        answer.raise_for_status()
        return answer.text


def main(words: list[str]) -> int:
    """Print the table; 1 when a judgement took too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--home", type=Path, help="a published home; verdicts are written into it")
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or demo_home(Path(folder), given.people)
        desk = Desk(load_settings(home), purpose="benchmark")
        return _serve(desk, lambda port: _sit(desk, port, given.pairs))


def _serve(desk: Desk, work: Callable[[int], int]) -> int:
    with listening(0) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            build_app(desk, port), log_level="warning", access_log=False, lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            return work(port)
        finally:
            server.should_exit = True
            thread.join()


def _sit(desk: Desk, port: int, pairs: int) -> int:
    steward = Sitting(desk, port, "steward")
    page = steward.ask("first page, reads the queue", "/steward")
    judged, began = 0, time.process_time()
    while judged < pairs:
        found = [re.search(_FIELD.format(name), page) for name in ("key", "version")]
        key, version = (one.group(1) if one else "" for one in found)
        if not key:
            break
        judged += 1
        said = "later" if judged % 10 == 0 else "different" if judged % 4 == 0 else "same"
        page = _judge(steward, {"key": key, "version": version, "said": said})
        if judged % 50 == 0:
            page = steward.ask("undo", "/steward/undo", {})
    processor = (time.process_time() - began) * 1000 / max(judged, 1)
    steward.ask("merges, ranked", "/steward/merges")
    _look(Sitting(desk, port, "service"), steward, desk)
    marketing = Sitting(desk, port, "marketing")
    for turn in range(6):
        marketing.ask(
            "reach, first (judges everybody)" if turn == 0 else "reach of one segment",
            "/marketing/segment/win_back",
        )
    held = len(active_verdicts(read_verdicts(desk.settings.home)))
    print(
        f"{judged} pairs judged, {held} verdicts hold; {processor:.0f} ms of processor a judgement, server and client"
    )
    return _show(steward, marketing)


def _judge(steward: Sitting, form: dict[str, str]) -> str:
    """The next page. A contradiction among these arbitrary verdicts puts the pair off instead, as a steward would."""
    try:
        return steward.ask("judge", "/steward/judge", form)
    except httpx.HTTPStatusError:
        steward.times["judge"].pop()
        return steward.ask("judge", "/steward/judge", {**form, "said": "later"})


def _look(service: Sitting, steward: Sitting, desk: Desk) -> None:
    with open_reader(desk.settings, load_keys(desk.settings)) as conn:
        names = conn.execute("SELECT display_name FROM golden.customers WHERE entity_type = 'person' AND display_name IS NOT NULL "
                             "ORDER BY hash(customer_id) LIMIT 50").fetchall()  # fmt: skip
    for turn, (name,) in enumerate(names):
        service.ask(
            "find, first" if turn == 0 else "find by name",
            "/service/find",
            {"asked": name, "purpose": "benchmark"},
        )
    steward.times.update(service.times)


def _show(steward: Sitting, marketing: Sitting) -> int:
    print(f"{'':34}{'n':>6}{'median ms':>12}{'p95 ms':>10}{'most ms':>10}")
    for what, times in {**steward.times, **marketing.times}.items():
        p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        print(f"{what:34}{len(times):>6}{statistics.median(times):>12.0f}{p95:>10.0f}{max(times):>10.0f}")
    return int(max(steward.times.get("judge", [0.0])) > MOST_MS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
