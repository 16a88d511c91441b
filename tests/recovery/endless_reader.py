"""A process that reads the published version again and again until its standard input ends; see test_readers.py.

Arguments: home, master key in hex. Prints READY, and at the end a line of JSON: nights seen by each way of reading, answers
counted, and every error.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from pipelines.publishing.layout import DATABASE, current_link
from pipelines.publishing.query import open_reader, run_query
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.keys import Keys

SQL = """
    select min(c.night), max(c.night), min(v.night), max(v.night), count(*)
    from golden.customers as c full join marts.customer_360 as v using (customer_id)
"""


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    settings = Settings(home=Path(sys.argv[1]), home_id="test", min_free_bytes=0)
    keys = Keys("test", bytes.fromhex(sys.argv[2]))
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    kept = open_reader(settings, keys)
    plain = open_connection(settings, keys)
    attach_database(plain, current_link(settings.home) / DATABASE, keys, alias="seen", read_only=True)
    plain.execute("use seen")
    ways = {
        "query": lambda: list(run_query(settings, keys, SQL).rows),
        "kept": lambda: kept.execute(SQL).fetchall(),
        "plain": lambda: plain.execute(SQL).fetchall(),
    }
    told: dict[str, object] = {"errors": (errors := []), "mixed": (mixed := [])}
    seen: dict[str, list[int]] = {way: [] for way in ways}
    answers = 0
    tell("READY")
    while not ended.is_set():
        for way, read in ways.items():
            try:
                ((*nights, rows),) = read()
            except Exception as error:
                errors.append(f"{way}: {type(error).__name__}: {error}")
                continue
            answers += 1
            if len(set(nights)) != 1 or rows != 2000:
                mixed.append([way, *nights, rows])
            if nights[0] not in seen[way]:
                seen[way].append(nights[0])
        ended.wait(0.05)  # the publisher has the other core
    tell(json.dumps({**told, "seen": seen, "answers": answers}))


if __name__ == "__main__":
    main()
