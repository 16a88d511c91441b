"""Objects of an S3-compatible server as a source: each is fetched once, nothing of it stays in clear."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from delivery_home import GOOD, HEADER, Home
from moto.server import ThreadedMotoServer

from pipelines.contracts.model import Contract
from pipelines.ingest import bucket
from pipelines.ingest.raw_store import list_deliveries
from pipelines.ingest.seen_again import seen_again

SECRET_KEY = "do-not-tell-this"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_SOURCE_CLOUD_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("UCV_SOURCE_CLOUD_SECRET_ACCESS_KEY", SECRET_KEY)
    return Home(tmp_path / "home")


@pytest.fixture
def store(endpoint: str, request: pytest.FixtureRequest) -> Any:
    """A bucket of this test's own; calling it puts an object."""
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    name = f"b{abs(hash(request.node.name))}"
    client.create_bucket(Bucket=name)

    def put(key: str, content: str | bytes) -> None:
        client.put_object(Bucket=name, Key=key, Body=content)

    put.bucket = name  # type: ignore[attr-defined]
    return put


def source(home: Home, endpoint: str, location: str, form: str = "csv") -> Contract:
    server = f'type: s3, location: "s3://{location}", endpointUrl: "{endpoint}", format: {form}'
    return home.source("cloud", server=server)


def test_objects_are_taken_once_and_gone_from_the_home(
    home: Home, endpoint: str, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = source(home, endpoint, f"{store.bucket}/in/*.csv*")
    store("in/a.csv", GOOD)
    store("in/b.csv.gz", gzip.compress((HEADER + "8,b,2026-01-01\n").encode()))
    for other in ("in/deeper/x.csv", "in/half.csv.part", "in/.hidden.csv", "out/y.csv"):
        store(other, HEADER + "7,no,2026-01-01\n")
    assert [(report.file_name, report.accepted) for report in home.take(contract)] == [
        ("a.csv", 1),
        ("b.csv.gz", 1),
    ]
    assert not list((home.root / "warehouse").iterdir())
    fetched: list[str] = []
    fetch = bucket._fetch
    monkeypatch.setattr(bucket, "_fetch", lambda *args: (fetched.append(args[2]["Key"]), fetch(*args))[1])
    assert [report.status for report in home.take(contract)] == ["known", "known"]
    assert fetched == []
    store("in/copy.csv", GOOD)  # the same bytes under another name
    assert [report.status for report in home.take(contract)] == ["known"] * 3
    store("in/a.csv", HEADER + "9,mended,2026-01-02\n")
    assert sorted(report.status for report in home.take(contract, datetime(2026, 1, 3))) == [
        "accepted",
        "known",
        "known",
    ]
    assert fetched == ["in/copy.csv", "in/a.csv"]
    assert [row[1] for row in home.rows()] == ["b", "mended", "王小明"]
    assert "etag" in list_deliveries(home.root)[0]["origin"]


def test_an_object_written_anew_with_the_same_bytes_is_a_sign_of_life(
    home: Home, endpoint: str, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = source(home, endpoint, f"{store.bucket}/*.csv")
    store("a.csv", GOOD)
    home.take(contract)
    home.take(contract)
    (delivered,) = list_deliveries(home.root)
    first = datetime.fromisoformat(delivered["delivered_at"])
    listed, later = bucket._listed, timedelta()

    def shifted(*args: Any) -> list[dict[str, Any]]:
        return [{**found, "LastModified": found["LastModified"] + later} for found in listed(*args)]

    monkeypatch.setattr(bucket, "_listed", shifted)
    assert all(abs(moment - first) < timedelta(seconds=1) for moment in again(home))  # it lies where it lay
    later = timedelta(hours=30)
    for _ in range(2):
        assert [report.status for report in home.take(contract, first + timedelta(days=2))] == ["known"]
    assert sum(moment - first > timedelta(hours=29) for moment in again(home)) == 1


def again(home: Home) -> list[datetime]:
    return seen_again(home.root, "registration", "cloud")


def test_what_raw_lost_is_fetched_again(home: Home, endpoint: str, store: Any) -> None:
    contract = source(home, endpoint, f"{store.bucket}/*.csv")
    store("a.csv", GOOD)
    assert home.take(contract)[0].accepted == 1
    for path in (home.root / "raw").rglob("*.json"):
        path.unlink()
    assert home.take(contract)[0].accepted == 1


def test_a_name_that_leads_elsewhere_leads_nowhere(home: Home, endpoint: str, store: Any) -> None:
    store("in/a\\..\\..\\evil .csv", GOOD)
    (report,) = home.take(source(home, endpoint, f"{store.bucket}/in/*.csv"))
    assert report.accepted == 1
    assert "/" not in report.file_name
    assert not [path for path in home.root.parent.rglob("*") if "evil" in path.name]


def test_a_refused_object_harms_no_other_and_comes_again(home: Home, endpoint: str, store: Any) -> None:
    contract = source(home, endpoint, f"{store.bucket}/*.csv")
    store("a.csv", "a,b\n")
    store("b.csv", GOOD)
    assert [report.error_code for report in home.take(contract)] == ["missing_column", None]
    assert [report.error_code for report in home.take(contract)] == ["missing_column", None]


@pytest.mark.parametrize(
    ("broken", "code"), [("down", "unreachable"), ("bucket", "not_there"), ("space", "no_space")]
)
def test_a_server_that_fails_stops_its_own_source_only(
    home: Home, endpoint: str, store: Any, monkeypatch: pytest.MonkeyPatch, broken: str, code: str
) -> None:
    store("a.csv", GOOD)
    where = "http://127.0.0.1:9" if broken == "down" else endpoint
    contract = source(home, where, f"{'nowhere' if broken == 'bucket' else store.bucket}/*.csv")
    if broken == "space":
        home.settings.min_free_bytes = 1 << 60
    (report,) = home.take(contract)
    assert (report.status, report.error_code) == ("refused", code)
    assert SECRET_KEY not in str(report.error_message)
    assert home.take(home.source("good", {"b.csv": GOOD}))[0].accepted == 1
