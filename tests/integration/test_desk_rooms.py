"""The desk on a published home: service finds and masks, marketing counts as `ucv segment`, stewards' verdicts reach state, and readers
are never between two versions."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from exports_home import signs
from rich.console import Console
from starlette.testclient import TestClient

from pipelines.command.access import audit
from pipelines.command.review import list_verdicts
from pipelines.command.segment import show_segments
from pipelines.desk.app import build_app
from pipelines.desk.desk import Desk
from pipelines.identity.verdicts import read_verdicts
from pipelines.privacy.access_log import log_path, read_log
from pipelines.privacy.column_classes import Raised
from pipelines.privacy.role_files import RoleFiles
from pipelines.privacy.roles import role_key
from pipelines.publishing.layout import current_link, version_dir
from pipelines.publishing.version import current_version
from pipelines.segments.document import read_segment
from pipelines.settings import Settings
from pipelines.storage.checksums import with_checksum
from pipelines.storage.keys import load_keys

PORT = 4712


def client_of(desk: Desk, role: str) -> TestClient:
    client = TestClient(build_app(desk, PORT), base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False)
    client.post("/enter", data={"token": desk.sessions.link(role, "li")})
    client.headers["x-csrf"] = desk.sessions.find(next(iter(client.cookies.values()))).csrf
    return client


def find(client: TestClient, asked: str) -> str:
    answer = client.post("/service/find", data={"asked": asked, "purpose": "complaint 17"})
    assert answer.status_code == 200, answer.text
    return answer.text


def id_in(page: str) -> str:
    return re.findall(r"<small>(C[0-9A-Z]{13})</small>", page)[0]


@pytest.fixture
def with_role_key(exports_copy: Settings, tmp_path: Path) -> Desk:
    """A desk that holds service's key and no other."""
    path = tmp_path / "service.json"
    path.write_text(role_key(load_keys(exports_copy), "service").to_json())
    path.chmod(0o600)
    return Desk(exports_copy, path)


def test_service_finds_one_customer_by_whatever_is_known_and_sees_no_whole_value(with_role_key: Desk) -> None:
    client, settings = client_of(with_role_key, "service"), with_role_key.settings
    known = signs("no_sms")
    first, last = known["full_name"].split()
    pages = [
        find(client, asked)
        for asked in (known["full_name"], f"{last} {first}".upper(), known["phone"], known["email"])
    ]
    assert len({id_in(page) for page in pages}) == 1
    assert id_in(find(client, id_in(pages[0]))) == id_in(pages[0])
    assert "no match" not in pages[0]
    for page in pages:
        for value in (
            known["full_name"],
            last,
            known["phone"],
            known["phone"][3:],
            known["email"],
            known["birth_date"],
        ):
            assert value not in page, value
    assert re.search(r"SMS.*?closed.*?Opted out", pages[0], re.DOTALL)
    assert re.search(r"marketing</td><td>.*?agreed", pages[0], re.DOTALL)
    assert "Nobody in the published version" in find(client, "Nobody Known")
    log = log_path(settings.home).read_text()
    assert known["phone"] not in log
    assert last not in log
    begun = [line for line in read_log(settings.home) if line["action"] != "end"]
    assert {(line["purpose"], line["role"], line["name"]) for line in begun} == {
        ("complaint 17", "service", "li")
    }
    assert audit(settings, load_keys(settings), Console(file=io.StringIO()), 20)


def test_without_a_purpose_or_with_a_person_s_number_as_one_nothing_is_read(with_role_key: Desk) -> None:
    client, known = client_of(with_role_key, "service"), signs("agreed")
    for purpose, told in (("", "no purpose"), (known["phone"], "holds an address or a number")):
        answer = client.post("/service/find", data={"asked": known["full_name"], "purpose": purpose})
        assert answer.status_code in (403, 409)
        assert told in answer.text
        assert known["phone"] not in answer.text
    assert read_log(with_role_key.settings.home) == []


def test_marketing_counts_as_the_command_does_and_what_is_built_is_a_segment(exports_copy: Settings) -> None:
    client = client_of(Desk(exports_copy), "marketing")
    text = io.StringIO()
    show_segments(exports_copy, "everybody", Console(file=text, width=300))
    row = next(line for line in text.getvalue().splitlines() if "everybody" in line)
    row = row.replace(",", "")
    told = [int(number) for number in re.findall(r"\d+", row.split("Everybody")[1])]
    customers, reachable, by = (
        told[0],
        told[3],
        dict(zip(("email", "sms", "phone", "post"), told[5:9], strict=True)),
    )
    page = client.get("/marketing/segment/everybody").text
    assert f"<b>{customers}</b> customers" in page
    assert f"<b>{reachable}</b> may be contacted" in page
    for channel, name in (("email", "E-mail"), ("sms", "SMS"), ("phone", "Phone")):
        shown = re.search(rf'scope="row">{name}</th><td class="number">([^<]+)</td>', page)
        assert shown is not None
        assert (
            shown.group(1) == str(by[channel])
            if by[channel] == 0 or by[channel] >= 5
            else "&lt;" in shown.group(1)
        )
    form = {
        "name": "mine",
        "title": "Mine",
        "column": "customer_360.order_count",
        "test": "at_least",
        "value": "0",
    }
    assert f"<b>{customers}</b> customers" in client.post("/marketing/try", data=form).text
    assert "Written to segments/mine.yml" in client.post("/marketing/save", data=form).text
    show_segments(exports_copy, "mine", Console(file=text, width=300))
    assert read_segment(exports_copy.home / "segments" / "mine.yml").title == "Mine"
    refused = client.post("/marketing/save", data=form)
    assert "There is a segment mine already" in refused.text
    few = client.post(
        "/marketing/try", data={**form, "test": "is", "column": "customer_360.record_count", "value": "999"}
    ).text
    assert "<b>0</b> customers" in few
    for path in ("/marketing", "/marketing/vendors", "/marketing/campaigns", "/marketing/build"):
        assert client.get(path).status_code == 200, path


def test_a_group_of_fewer_than_k_is_not_told(exports_copy: Settings) -> None:
    client = client_of(Desk(exports_copy.model_copy(update={"k_anonymity": 500})), "marketing")
    page = client.get("/marketing/segment/everybody").text
    assert "Fewer than 500 customers" in page
    assert 'class="figures"' not in page


def test_a_steward_s_verdict_is_one_that_the_command_lists(exports_copy: Settings) -> None:
    desk = Desk(exports_copy)
    client = client_of(desk, "steward")
    page = client.get("/steward").text
    key, version = (re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("key", "version"))
    assert key is not None
    assert version is not None
    form = {"key": key.group(1), "version": version.group(1), "said": "different"}
    assert client.post("/steward/judge", data=form).status_code == 200
    text = io.StringIO()
    list_verdicts(exports_copy, Console(file=text, width=200))
    assert "not in this version" not in text.getvalue()
    assert len(read_verdicts(exports_copy.home)) >= 1
    for path in (
        "/steward/merges",
        "/steward/agreement",
        "/steward/merges/guards",
        "/steward/merges/conflicts",
    ):
        assert client.get(path).status_code == 200, path
    assert client_of(desk, "officer").get("/officer").text.count("desk pair") == 2


def other_version(settings: Settings, name: str) -> None:
    """The published version once more, in which service sees no birth date."""
    folder = version_dir(settings.home, name)
    shutil.copytree(version_dir(settings.home, str(current_version(settings.home))), folder)
    RoleFiles(settings, load_keys(settings), {"birth_date": Raised("sensitive", "web", "restricted")}).write(
        folder
    )


def turn(settings: Settings, name: str) -> None:
    link = current_link(settings.home)
    half = link.with_name(".half")
    half.symlink_to(name)
    os.replace(half, link)


def test_every_answer_is_of_one_version_while_the_switch_turns_under_them(with_role_key: Desk) -> None:
    settings, known = with_role_key.settings, signs("agreed")
    first, second = str(current_version(settings.home)), "v20310302T000000Z-abcdef"
    other_version(settings, second)
    client = client_of(with_role_key, "service")
    born = f"<b>{known['birth_date'][:4]}</b>"
    seen: list[tuple[str, bool]] = []

    def read(_: int) -> None:
        page = find(client, known["full_name"])
        seen.append((re.findall(r'data-version="([^"]+)"', page)[0], born in page))

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(read, number) for number in range(80)]
        for number in range(8):
            turn(settings, second if number % 2 == 0 else first)
            done[10 * number + 9].result()
        for one in done:
            one.result()
    assert set(seen) == {(first, True), (second, False)}, "whole versions only, and both were read"
    assert audit(settings, load_keys(settings), Console(file=io.StringIO()), 20)


def test_a_version_that_went_while_its_page_was_open_is_told_and_nothing_written(
    exports_copy: Settings,
) -> None:
    client = client_of(Desk(exports_copy), "steward")
    page = client.get("/steward").text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    first, second = str(current_version(exports_copy.home)), "v20310302T000000Z-abcdef"
    shutil.copytree(version_dir(exports_copy.home, first), version_dir(exports_copy.home, second))
    manifest = version_dir(exports_copy.home, second) / "manifest.json"
    manifest.write_text(json.dumps(with_checksum({**json.loads(manifest.read_text()), "version": second})))
    turn(exports_copy, second)
    shutil.rmtree(version_dir(exports_copy.home, first))
    answer = client.post("/steward/judge", data={"key": key.group(1), "version": first, "said": "same"})
    assert answer.status_code == 409
    assert "load the page again" in answer.text
    assert read_verdicts(exports_copy.home) == []
    assert client.get("/steward").status_code == 200
