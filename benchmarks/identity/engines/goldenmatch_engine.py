"""GoldenMatch without any configuration on one data set: run inside the environment that peers.py makes for it.

`python goldenmatch_engine.py ID_COLUMN FILE.parquet OUT`: OUT.csv gets source_record_id, customer_id. Neither the key nor the
truth is shown to it: the keys of these sets tell who is who. Several sources are one table of all their columns, as a user without
configuration would give it; which source a record is from is not shown either, as the same person may be in one twice.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import goldenmatch
import pyarrow.parquet as pq

_TRUTH = ("person", "cluster")
_SOURCE = "source"


def main(id_column: str, file: str, out: str) -> None:
    table = pq.read_table(file)
    ids = table.column(id_column).to_pylist()
    hidden = [name for name in table.column_names if name in (*_TRUTH, _SOURCE, id_column)]
    found = goldenmatch.dedupe_df(table.drop_columns(hidden))
    with Path(f"{out}.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["source_record_id", "customer_id"])
        for number, cluster in found.clusters.items():
            writer.writerows((ids[row], number) for row in cluster["members"])
    Path(f"{out}.json").write_text(json.dumps({"version": goldenmatch.__version__}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:4])
