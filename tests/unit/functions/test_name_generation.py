"""Generations in names: read wherever they stand, never left within a part of the name."""

from __future__ import annotations

import pytest

from pipelines.functions.name import standardise_name

FIELDS = ("family", "given", "suffix", "generation")

WHOLE = [
    ("Robert Smith Jr.", ("smith", "robert", "jr", "2")),
    ("Robert Smith, Sr", ("smith", "robert", "sr", "1")),
    ("Smith Jr., Robert", ("smith", "robert", "jr", "2")),
    ("Smith, Robert 3rd", ("smith", "robert", "3rd", "3")),
    ("Robert Smith (III)", ("smith", "robert", "iii", "3")),
    ("Robert Smith (2nd)", ("smith", "robert", "2nd", "2")),
    ("Robert Smith, 12th", ("smith", "robert", "12th", "12")),
    ("Robert Smith IV", ("smith", "robert", "iv", "4")),
    ("Robert Smith Jnr", ("smith", "robert", "jnr", "2")),
    ("Robert Smith Jr. MD", ("smith", "robert", "md", "2")),
    ("Robert Smith PhD", ("smith", "robert", "phd", None)),
    ("Robert Smith (Bob)", ("smith", "robert", None, None)),
    ("张建国（大）", ("张", "建国", None, "1")),
    ("張建國【小】", ("张", "建国", None, "2")),
    ("张建国(子)", ("张", "建国", None, "2")),
    ("张建国-大", ("张", "建国", None, "1")),
    ("张建国 小", ("张", "建国", None, "2")),
    ("张建国（老客户）", ("张", "建国", None, None)),
    ("大王", ("王", None, None, "1")),
    ("小王", ("王", None, None, "2")),
    ("老王", ("王", None, None, None)),  # what colleagues say, young or old
    ("小张伟", ("张", "伟", None, "2")),
    ("小欧阳", ("欧阳", None, None, "2")),
    ("王伟大", ("王", "伟大", None, None)),
    ("王伟 大", ("王", "伟大", None, None)),  # a stray blank
    ("田中 大", ("田中", "大", None, None)),
    ("小林正", ("小林", "正", None, None)),
    ("大田一郎", ("大田", "一郎", None, None)),
    ("小明王", ("王", "小明", None, None)),
]
APART = [  # family, given, middle
    (("Smith Jr.", "Robert", None), ("smith", "robert", "jr", "2")),
    (("Smith III", "Robert J", None), ("smith", "robert j", "iii", "3")),
    (("Smith (Sr)", "Robert", None), ("smith", "robert", "sr", "1")),
    (("van der Berg II", "Tom", None), ("van der berg", "tom", "ii", "2")),
    (("Smith", "Robert Jr.", None), ("smith", "robert", "jr", "2")),
    (("Smith", "Robert", "Jr"), ("smith", "robert", "jr", "2")),
    (("Jr.", "Robert Smith", None), ("smith", "robert", "jr", "2")),  # cut before its last word
    (("Smith PhD", "Ann", None), ("smith", "ann", "phd", None)),
    (("Junior", "Neymar", None), ("junior", "neymar", None, None)),
    (("Smith", "Junior", None), ("smith", "junior", None, None)),
    (("Sr. Pérez", "Juan", None), ("perez", "juan", "sr", None)),  # Señor
    (("王", "伟（大）", None), ("王", "伟", None, "1")),
    (("王（小）", "伟", None), ("王", "伟", None, "2")),
]


@pytest.mark.parametrize(("name", "expected"), WHOLE)
def test_a_generation_is_read_from_a_whole_name(name: str, expected: tuple[str | None, ...]) -> None:
    found = standardise_name(name, None, None, None, None)
    assert found is not None
    assert tuple(found[field] for field in FIELDS) == expected


@pytest.mark.parametrize(("parts", "expected"), APART)
def test_a_generation_is_read_from_the_column_of_any_part(
    parts: tuple[str | None, str | None, str | None], expected: tuple[str | None, ...]
) -> None:
    found = standardise_name(None, *parts, None)
    assert found is not None
    assert tuple(found[field] for field in FIELDS) == expected
    if expected[1] and found["script"] == "latin":
        assert found["family_latin"] == str(expected[0]).replace(" ", "")


def test_a_whole_name_beside_its_parts_says_the_generation_of_either() -> None:
    for full, family in (("Robert Smith", "Smith Jr."), ("Robert Smith Jr.", "Smith")):
        found = standardise_name(full, family, "Robert", None, None)
        assert found is not None
        assert (found["family"], found["generation"]) == ("smith", "2")
