"""A home with a family that shares one number, a namesake and some others in three sources; and everything it keeps, in the clear.

The father stands in all three sources: in characters, in traditional ones and in pinyin.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest
from contract_texts import column_name, contract_text
from small_night import deliver, night, person, query, surroundings

from pipelines.ingest.originals import read_original
from pipelines.privacy.roles import key_purpose
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import attach_database, open_connection, read_parquet_sql
from pipelines.storage.home import create_home
from pipelines.storage.keys import Keys, load_keys

DAY = date(2031, 3, 1)
HOME_PHONE = "13905551234"
FATHER = {
    "full_name": "李建国",
    "phone": HOME_PHONE,
    "email": "jianguo.li@mail.example.cn",
    "birth_date": "1961-05-06",
}
MOTHER = {
    "full_name": "王秀兰",
    "phone": HOME_PHONE,
    "email": "xiulan.wang@mail.example.cn",
    "birth_date": "1963-07-08",
}
CHILD = {
    "full_name": "李晓彤",
    "phone": HOME_PHONE,
    "email": "xiaotong.li@mail.example.cn",
    "birth_date": "1990-02-03",
}
NAMESAKE = {
    "full_name": "李建国",
    "phone": "13805556677",
    "email": "ljg84@mail.example.cn",
    "birth_date": "1984-09-10",
}
WEB = ["source_record_id", "full_name", "phone", "email", "birth_date", "consent_marketing", "registered_at"]
SHOP = ["source_record_id", "transaction_id", "transacted_at", "amount", "currency", "full_name", "phone"]
LIST = ["source_record_id", "full_name", "phone", "email", "collected_at"]
OUT = ["source_record_id", "full_name", "phone", "email", "scope", "reason", "effective_at"]
FIELDS = {"web": WEB, "shop": SHOP, "list": LIST, "out": OUT}
CLEAR = ("李建国", "李建國", "Li Jianguo", "jianguo.li@mail.example.cn", "1961-05-06")
"""Values that nobody but the father has, but for the name, which his namesake has too."""
ONLY_HIS = CLEAR[1:4]


def web(key: str, who: dict[str, str]) -> dict[str, str]:
    return {
        "source_record_id": key,
        "consent_marketing": "true",
        "registered_at": "2031-01-10 08:00:00",
        **who,
    }


def sale(key: str, name: str, phone: str) -> dict[str, str]:
    return {
        "source_record_id": key, "transaction_id": key, "transacted_at": "2031-01-20 10:00:00", "amount": "12.50",
        "currency": "CNY", "full_name": name, "phone": phone,
    }  # fmt: skip


def listed(key: str, who: dict[str, str]) -> dict[str, str]:
    return {"source_record_id": key, "collected_at": "2031-01-05 00:00:00", **who}


def out(key: str, reason: str, **who: str) -> dict[str, str]:
    return {
        "source_record_id": key,
        "scope": "all",
        "reason": reason,
        "effective_at": "2031-02-01 00:00:00",
        **who,
    }


def rows() -> dict[str, list[dict[str, str]]]:
    """What each source delivers."""
    others = [person(turn) for turn in range(20)]
    return {
        "web": [
            web("w-father", FATHER), web("w-mother", MOTHER), web("w-child", CHILD), web("w-namesake", NAMESAKE),
            *(web(f"w{turn}", one) for turn, one in enumerate(others)),
        ],
        "shop": [
            sale("s-father", "Li Jianguo", HOME_PHONE), sale("s-mother", "王秀兰", HOME_PHONE),
            *(sale(f"s{turn}", one["full_name"], one["phone"]) for turn, one in enumerate(others)),
        ],
        "list": [
            listed("l-father", {**FATHER, "full_name": "李建國"}), listed("l-child", CHILD),
            listed("", {**FATHER, "full_name": "李建國"}),  # without a key: rejected
            *(listed(f"l{turn}", one) for turn, one in enumerate(others[:10])),
        ],
        "out": [out("o1", "opt_out", email=others[3]["email"])],
    }  # fmt: skip


def file_text(source: str, lines: list[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(column_name(name) for name in FIELDS[source])
    writer.writerows([line.get(name, "") for name in FIELDS[source]] for line in lines)
    return stream.getvalue()


def make_home(root: Path) -> Settings:
    """The home with its sources and one file of each in landing."""
    settings = create_home(root)
    kinds = {
        "web": ("registration", "website"),
        "shop": ("transaction", "website"),
        "list": ("purchased_list", "publisher"),
        "out": ("suppression", "internal"),
    }
    for source, (kind, channel) in kinds.items():
        text = contract_text(source, kind, channel, FIELDS[source])
        (settings.home / "contracts" / f"{source}.yml").write_text(text, encoding="utf-8")
        deliver(settings.home, source, "first.csv", file_text(source, rows()[source]))
    (settings.home / "segments").mkdir()
    (settings.home / "segments" / "everybody.yml").write_text(
        "title: Everybody\nwhere: {field: order_count, at_least: 0}\n", encoding="utf-8"
    )
    return load_settings(settings.home)


@contextmanager
def nights_in(home: Path) -> Iterator[Settings]:
    """Surroundings for commands and nights in a copy of the home."""
    with surroundings(home.parent) as patch:
        patch.setenv("UCV_AS_OF_DATE", DAY.isoformat())
        patch.setenv("UCV_HOME", str(home))
        yield load_settings(home)


def published(folder: Path) -> Path:
    """The folder of a home after its first night and of its key."""
    with surroundings(folder) as patch:
        patch.setenv("UCV_AS_OF_DATE", DAY.isoformat())
        settings = make_home(folder / "home")
        outcome, told = night(settings)
        assert outcome.success, told
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("erasure"))


@pytest.fixture
def home(first: Path, tmp_path: Path) -> Iterator[Settings]:
    """A copy of the home and its key for one test."""
    shutil.copytree(first, tmp_path / "copy", symlinks=True)
    with nights_in(tmp_path / "copy" / "home") as settings:
        yield settings


def customer(settings: Settings, record: str) -> str:
    """Whose record `source:key` is."""
    (found,) = query(settings, f"SELECT customer_id FROM customer_xref WHERE record_id = '{record}'")
    return str(found[0])


def ids(settings: Settings) -> dict[str, str]:
    """Record -> customer."""
    return dict(query(settings, "SELECT record_id, customer_id FROM customer_xref"))  # type: ignore[arg-type]


def clear_texts(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every file of the home as text somebody with the key could read: decrypted, unpacked, or as it lies there."""
    keys = load_keys(settings, to_erase=True)
    for path in sorted(settings.home.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.name != "warehouse.duckdb.wal":
            yield path.relative_to(settings.home).as_posix(), _clear(path, settings, keys)


def _clear(path: Path, settings: Settings, keys: Keys) -> str:
    if path.suffix == ".original":
        return read_original(path, keys).decode(errors="replace")
    if path.suffix not in (".parquet", ".duckdb"):
        return path.read_bytes().decode("utf-8", "replace")
    with open_connection(settings, keys) as conn:
        if path.suffix == ".parquet":
            return repr(_parquet(conn, path))
        purpose = key_purpose(path.stem) if path.parent.name == "roles" else "warehouse"
        attach_database(conn, path, keys, alias="stored", read_only=True, purpose=purpose)
        tables = conn.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'stored'"
        ).fetchall()
        return "\n".join(
            repr(conn.execute(f'FROM stored."{schema}"."{table}"').fetchall()) for schema, table in tables
        )


def _parquet(conn: duckdb.DuckDBPyConnection, path: Path) -> object:
    try:
        return conn.execute(f"FROM {read_parquet_sql([path])}").fetchall()
    except duckdb.Error:
        return conn.execute(f"FROM read_parquet('{path}')").fetchall()  # one that was exported


def places_of(settings: Settings, values: tuple[str, ...]) -> dict[str, set[str]]:
    """File -> which of the values somebody could read in it."""
    found = {}
    for name, text in clear_texts(settings):
        there = {value for value in values if value in text}
        if there:
            found[name] = there
    return found


def take_again(
    settings: Settings, source: str, name: str, lines: list[dict[str, str]], moment: float = 1_960_000_000
) -> None:
    """Put one more file of a source into landing."""
    deliver(settings.home, source, name, file_text(source, lines), moment)
    os.sync()
