"""Encodings show likeness to whoever has the secret, and nothing to anybody else."""

from __future__ import annotations

import numpy as np

from pipelines.cooperation.encodings import LIKENESS, Traits, encode, matches

SECRET = b"0123456789abcdef"
PEOPLE = [
    Traits("Annabel Lindqvist", "19710305", "13905678"), Traits("Jiaming Wang", "19881112", "13800138"),
    Traits("Olof Brandt", "19600101", ""), Traits("Xiu Chen", "", "15912345"),
]  # fmt: skip
OTHERS = [
    Traits("Wang Jia ming", "19881112", "13800138"), Traits("Anabel Lindquist", "19710305", "13905678"),
    Traits("Olof Brandt", "19991231", "17700000"), Traits("Petra Sommer", "19710305", "16600000"),
]  # fmt: skip


def test_other_spellings_are_found_and_namesakes_and_twins_of_a_day_are_not() -> None:
    assert sorted(matches(encode(PEOPLE, SECRET), encode(OTHERS, SECRET))) == [(0, 1), (1, 0)]


def test_each_is_matched_once_with_whom_it_is_most_like() -> None:
    twice = [PEOPLE[0], OTHERS[1]]
    assert matches(encode([PEOPLE[0]], SECRET), encode(twice, SECRET)) == [(0, 0)]
    assert matches(encode(twice, SECRET), encode([PEOPLE[0]], SECRET)) == [(0, 0)]
    assert matches(encode([], SECRET), encode(twice, SECRET)) == []


def test_without_the_secret_nobody_is_like_anybody() -> None:
    ours, theirs = encode(PEOPLE, SECRET), encode(PEOPLE, b"another secret..")
    assert matches(ours, theirs) == []
    assert np.array_equal(ours, encode(PEOPLE, SECRET))
    assert len(matches(ours, ours, LIKENESS)) == len(PEOPLE)
