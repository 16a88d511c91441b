"""What is true of each invented person on the day of the demo, field by field: what a golden record should say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.demo.people import World
from pipelines.demo.person import Person
from pipelines.demo.traits import traits_of
from pipelines.errors import UcvError

PERSON_TRUTH_FILE = Path("demo") / "people.parquet"
PSYCHOGRAPHIC = "psychographic"
"""The field of opinions, values, interests and motives: as many rows as a person has codes, and no golden value."""
_SCHEMA = pa.schema([("person_id", pa.string()), ("field", pa.string()), ("value", pa.string())])


class PersonTruthWriter:
    """Writes one row per person and field in the words of the golden record, and one per psychographic code."""

    def __init__(self, path: Path, world: World) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer, self._world = pq.ParquetWriter(path, _SCHEMA, compression="zstd"), world

    def write(self, people: Iterable[Person]) -> None:
        rows = []
        for person in people:
            facts = facts_of(person, self._world).items()
            rows += [(person.id, field, value) for field, value in facts if value]
            rows += [(person.id, PSYCHOGRAPHIC, code) for code in traits_of(person, self._world).interests]
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=_SCHEMA))

    def close(self) -> None:
        self._writer.close()


def facts_of(person: Person, world: World) -> dict[str, str]:
    """Field of the golden record -> its true value on the as-of date; empty where there is none."""
    traits = traits_of(person, world)
    return {
        "gender": "male" if person.sex == "M" else "female",
        "birth_date": person.birth.isoformat(),
        "phone": person.phones[-1].number if person.phones else "",
        "education": traits.education,
        "marital_status": traits.marital_status_at(world.now),
        "occupation": traits.occupation,
    }


def read_person_truth(home: Path) -> pd.DataFrame:
    """What PersonTruthWriter wrote: person_id, field, value. Raises UcvError if `home` holds no demo."""
    path = home / PERSON_TRUTH_FILE
    if not path.is_file():
        raise UcvError(
            f"{home} holds no demo: expected {PERSON_TRUTH_FILE}; run `ucv demo` on an empty home."
        )
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame
