"""Two homes count whom they share: the right number, without a value in what passes, and without anybody who refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from exports_home import PEOPLE, STAFF, signs

from pipelines.command.overlap import answer, begin, encode_people, end, match_encoded
from pipelines.command.overlap_people import customers_with
from pipelines.cooperation import session
from pipelines.cooperation.session import CooperationError
from pipelines.exports.receivers import ReceiverError
from pipelines.publishing.query import open_reader
from pipelines.settings import Settings, load_settings
from pipelines.storage.keys import load_keys


@pytest.fixture
def two_homes(
    exports_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Settings, Settings]:
    """Two homes with the same customers and the same key, which know each other as `partner`."""
    monkeypatch.setattr(session, "LEAST", 10)
    (exports_copy.home / "receivers").mkdir()
    (exports_copy.home / "receivers" / "partner.yml").write_text(
        "{role: handler, country: CN, contract: C-1}", "utf-8"
    )
    other = tmp_path / "other"
    shutil.copytree(exports_copy.home, other, symlinks=True)
    return exports_copy, load_settings(other)


def taking_part(settings: Settings) -> list[str]:
    with open_reader(settings, load_keys(settings)) as conn:
        return customers_with(conn, "email", settings.export_day())


def test_only_who_may_be_compared_takes_part(exports_master: Settings) -> None:
    found = set(taking_part(exports_master))
    # who opted out of everything and agreed to marketing later did not agree to be compared
    left_out = {
        "returned",
        "withdrew",
        "dead",
        "child",
        "child_with_guardian",
        "lease_only",
        "lease_echo",
        "bought_only",
        "bureau_only",
    }
    expected = {signs(person)["email"] for person in PEOPLE if person not in left_out}
    assert found == expected | {f"{person}@mail.example.cn" for person in STAFF}


def test_two_houses_count_whom_they_share(two_homes: tuple[Settings, Settings]) -> None:
    (ours, theirs), keys = two_homes, load_keys(two_homes[0])
    begun = begin(ours, keys, "partner", "email")
    answered = answer(theirs, keys, "partner", begun)
    assert end(ours, keys, "partner", answered) == len(taking_part(ours)) > 30
    for path in (begun, answered):
        assert "@" not in path.read_text("ascii")
    # their points and ours are in no line of both files: only the first house can lay them side by side
    lines = [set(path.read_text("ascii").splitlines()[1:]) for path in (begun, answered)]
    assert not lines[0] & lines[1]


def test_a_session_is_answered_once_and_ended_by_who_began_it(two_homes: tuple[Settings, Settings]) -> None:
    (ours, theirs), keys = two_homes, load_keys(two_homes[0])
    begun = begin(ours, keys, "partner", "phone")
    with pytest.raises(CooperationError, match="begun or answered here before"):
        answer(ours, keys, "partner", begun)
    answered = answer(theirs, keys, "partner", begun)
    with pytest.raises(CooperationError, match="begun or answered here before"):
        answer(theirs, keys, "partner", begun)
    with pytest.raises(CooperationError, match="was begun here"):
        end(theirs, keys, "partner", answered)
    for partner in ("stranger", "../partner"):
        with pytest.raises(ReceiverError):
            begin(ours, keys, partner, "email")
    with pytest.raises(CooperationError, match="--by is 'name'"):
        begin(ours, keys, "partner", "name")


def test_encodings_count_who_is_alike(two_homes: tuple[Settings, Settings], tmp_path: Path) -> None:
    (ours, theirs), keys = two_homes, load_keys(two_homes[0])
    (tmp_path / "secret").write_bytes(b"a secret of two houses")
    sent = encode_people(ours, keys, "partner", tmp_path / "secret")
    assert match_encoded(theirs, keys, "partner", sent, tmp_path / "secret") > 30
    (tmp_path / "wrong").write_bytes(b"a secret of another house")
    assert match_encoded(theirs, keys, "partner", sent, tmp_path / "wrong") == 0
    (tmp_path / "short").write_bytes(b"short")
    with pytest.raises(CooperationError, match="16 is expected"):
        encode_people(ours, keys, "partner", tmp_path / "short")


def test_too_few_people_are_refused(exports_copy: Settings) -> None:
    (exports_copy.home / "receivers").mkdir()
    (exports_copy.home / "receivers" / "partner.yml").write_text(
        "{role: handler, country: CN, contract: C-1}", "utf-8"
    )
    with pytest.raises(CooperationError, match="too few"):
        begin(exports_copy, load_keys(exports_copy), "partner", "email")
