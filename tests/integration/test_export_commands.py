"""The words of `ucv export`, `segment` and `terms`: what a person reads, and the exit codes of wrong input."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from exports_home import STAFF, signs

from pipelines.settings import PROJECT_ROOT, Settings

OFFER = ["everybody", "--channel", "email", "--purpose", "marketing"]


def ucv(settings: Settings, *words: str) -> tuple[int, str]:
    """Exit code and everything that was printed."""
    environment = {
        **os.environ, "PYTHONPATH": str(PROJECT_ROOT), "COLUMNS": "300", "UCV_KEY_FILE": str(settings.key_path),
        "UCV_AS_OF_DATE": settings.today().isoformat(),
    }  # fmt: skip
    command = [sys.executable, "-m", "pipelines.cli", *words, "--home", str(settings.home)]
    ended = subprocess.run(
        command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    return ended.returncode, ended.stdout + ended.stderr


def numbers(told: str, line: str) -> list[str]:
    """The cells of the first line of a table that begins so."""
    found = next(row for row in told.splitlines() if re.match(rf"│ {re.escape(line)}", row))
    return [cell.strip() for cell in found.strip("│").split("│")]


def test_a_person_exports_looks_back_and_finds_a_decoy(exports_copy: Settings) -> None:
    code, told = ucv(exports_copy, "export", *OFFER, "--hold-out", "0", "--dry-run")
    assert (code, "Dry run: nothing was written" in told, "4 " in told) == (0, True, True)
    code, told = ucv(exports_copy, "export", *OFFER, "--hold-out", "0", "--export-id", "first")
    assert (code, numbers(told, "exported")[1], numbers(told, "+ decoys")[1]) == (0, "34", "2")
    assert "2 uses of lease spent." in told
    assert not any(signs(person)["email"] in told for person in ("agreed", "withdrew"))
    path = exports_copy.home / "exports" / "first" / "first.csv"
    decoy = next(line for line in path.read_text("utf-8").splitlines() if line.endswith("@seeds.example"))
    assert ucv(exports_copy, "export", "decoys", decoy)[1].startswith("first: 1 of its decoys")
    assert ucv(exports_copy, "export", "decoys", str(path)) == (0, "first: 2 of its decoys came back\n")
    assert ucv(exports_copy, "export", "decoys", signs("agreed")["email"])[0] == 1
    code, told = ucv(exports_copy, "export", "ledger")
    assert (code, numbers(told, "first")[3:6]) == (0, ["everybody", "email", "marketing"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nobody", "--channel", "email", "--purpose", "marketing"], "No segment 'nobody'"),
        (["../../etc/passwd", "--channel", "email", "--purpose", "marketing"], "No segment"),
        (["everybody"], "needs --channel and --purpose"),
        (["everybody", "--channel", "fax", "--purpose", "marketing"], "--channel is 'fax'"),
        (["everybody", "--channel", "email", "--purpose", "spam"], "--purpose is 'spam'"),
        ([*OFFER, "--export-id", "../up"], "--export-id is '../up'"),
        ([*OFFER, "--format", "exe"], "--format is 'exe'"),
        ([*OFFER, "--hold-out", "nan"], "--hold-out is nan"),
        (
            ["everybody", "more", "--channel", "email", "--purpose", "marketing"],
            "Got 'more' beside the audience",
        ),
        (["decoys"], "Give what came back"),
    ],
)
def test_wrong_input_is_told_and_spends_nothing(
    exports_master: Settings, words: list[str], told: str
) -> None:
    code, said = ucv(exports_master, "export", *words)
    assert (code, told in said) == (2, True), said
    assert not list((exports_master.home / "exports").iterdir())


def test_a_segment_tells_who_may_be_contacted_not_who_did_not_object(exports_master: Settings) -> None:
    code, told = ucv(exports_master, "segment", "everybody")
    cells = numbers(told, "everybody")
    by_email = 14 + len(STAFF)  # who is tired, or the second of a mailbox, may be contacted as well
    by_another_way = 2  # one mailbox bounces, one is barred
    assert (code, int(cells[4]), int(cells[6])) == (0, by_email + by_another_way, by_email), told
    # who came by the lease alone, and whose contract names a legal basis: they never agreed
    assert int(cells[5]) == 2
    # customers without an opt-out of everything, which were told as such before, are six more
    assert int(cells[1]) - int(cells[2]) == by_email + by_another_way + 6


def test_terms_tell_what_an_end_costs(exports_copy: Settings) -> None:
    code, told = ucv(exports_copy, "terms")
    lease = numbers(told, "lease")
    assert (code, lease[3:6]) == (0, ["2031-03-05", "4 days left", "0 (0 / 1)"])
    # lease_only and lease_echo are known by nothing else; lease_and_web and refused_and_leased stay
    assert lease[9:] == ["5", "2", "2", "0", "2"]
    assert numbers(told, "bureau")[4] == "matching only"
    assert "lease" in ucv(exports_copy, "terms", "--within", "4")[1]
    assert "│ lease" not in ucv(exports_copy, "terms", "--within", "3")[1]
    ucv(exports_copy, "export", *OFFER, "--hold-out", "0")
    assert numbers(ucv(exports_copy, "terms")[1], "lease")[5] == "2 (1 / 1)"
