"""Decoys: the same ones for the same export and key, other ones for another, found in whatever comes back."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from pipelines.exports.decoys import DecoyPlaces, decoys_of, find_exports
from pipelines.exports.hashing import hashed_email

PLACES = DecoyPlaces("seeds.example", ("+8613800000001",), ("1 Lane, Town",), 2)
EXPORTS = [("spring", "email"), ("summer", "email"), ("calls", "phone"), ("more-calls", "phone")]


def token(text: str) -> str:
    return hashlib.blake2b(text.encode(), key=b"k" * 32, digest_size=16).hexdigest()


def other_token(text: str) -> str:
    return hashlib.blake2b(text.encode(), key=b"o" * 32, digest_size=16).hexdigest()


def test_they_are_made_again_from_key_and_export() -> None:
    made = [decoys_of(name, "email", PLACES, token) for name in ("spring", "spring", "summer")]
    assert made[0] == made[1]
    values = {decoy.value for decoys in made for decoy in decoys}
    assert len(values) == 4
    assert all(value.endswith("@seeds.example") for value in values)
    assert {decoy.value for decoy in decoys_of("spring", "email", PLACES, other_token)}.isdisjoint(values)


def test_without_a_place_of_the_kind_there_are_none() -> None:
    assert decoys_of("spring", "email", replace(PLACES, domain=""), token) == []
    assert decoys_of("spring", "phone", replace(PLACES, phones=()), token) == []
    assert decoys_of("spring", "email", replace(PLACES, count=0), token) == []


def test_what_comes_back_tells_its_export() -> None:
    decoy = decoys_of("summer", "email", PLACES, token)[1]
    for text in (decoy.value, f"x;{decoy.value.upper()};y", hashed_email(decoy.value)):
        assert find_exports([text], EXPORTS, PLACES, token).keys() == {"summer"}
    assert find_exports(["li.ming@mail.example.cn", ""], EXPORTS, PLACES, token) == {}
    assert find_exports([decoy.value], EXPORTS, PLACES, other_token) == {}


def test_a_shared_number_names_one_export_by_the_name_beside_it() -> None:
    mine = next(
        decoy
        for decoy in decoys_of("calls", "phone", PLACES, token)
        if decoy.name not in {other.name for other in decoys_of("more-calls", "phone", PLACES, token)}
    )
    assert find_exports([mine.value], EXPORTS, PLACES, token).keys() == {"calls", "more-calls"}
    for written in ("138 0000-0001", "+86 138 0000 0001", "(0086)13800000001"):
        assert find_exports([f"{mine.name},{written}"], EXPORTS, PLACES, token).keys() == {"calls"}
