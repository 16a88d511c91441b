"""Hashes as platforms publish them: their documented normal forms, and hashes that others published of them."""

from __future__ import annotations

import base64
import hashlib

import pytest

from pipelines.exports.hashing import hashed_email, hashed_phone, normal_email
from pipelines.exports.request import ExportError


# The samples of Google's pages "Format user data" (Data Manager API) and "Upload hashed data" (Customer Match).
@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("cloudy.sanfrancisco+shopping@gmail.com", "cloudysanfrancisco@gmail.com"),
        ("user.name+NYC@Example.com", "user.name+nyc@example.com"),
        (" Jeffersonian.Loves@googlemail.com ", "jeffersonianloves@googlemail.com"),
        ("us er@example.com", "user@example.com"),
    ],
)
def test_the_published_normal_forms(given: str, normal: str) -> None:
    assert normal_email(given) == normal
    assert hashed_email(given) == hashlib.sha256(normal.encode()).hexdigest()


# Published beside the normal form by Unified ID 2.0 (base64 of the same hash), and by a template for Google's tag manager (hex).
@pytest.mark.parametrize(
    ("given", "published"),
    [
        ("MyEmail@example.com", "FsGNM28LJQ8OLZB0Us65ZYp07NrovJSGTCMSKnLMJ6U="),
        ("JANESAOIRSE@example.com", "1mcOepIAfxtf94Xx/IHlOqbT170GvfXEc83HKGwoS20="),
    ],
)
def test_published_hashes_of_addresses(given: str, published: str) -> None:
    assert hashed_email(given) == base64.b64decode(published).hex()


def test_a_published_hash_of_a_number() -> None:
    assert (
        hashed_phone("+49 176 54648789") == "e45d8b1a608ae4a6ed5c805c2d3c03f0b1195ee333bb2dee4782bf38362e4218"
    )
    assert hashed_phone("+18005550100") == hashlib.sha256(b"+18005550100").hexdigest()


@pytest.mark.parametrize("given", ["13912345678", "008613912345678", "+0123456789", "", "+86-139"])
def test_a_number_in_another_form_is_refused_without_being_told(given: str) -> None:
    with pytest.raises(ExportError) as told:
        hashed_phone(given)
    assert given == "" or given not in str(told.value)
