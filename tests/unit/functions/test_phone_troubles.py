"""Numbers of intermediaries with their extension, of other countries in a Chinese list, and numbers that nobody has."""

from __future__ import annotations

import pytest

from pipelines.functions.phone import standardise_phone


def told(raw: str, region: str = "CN") -> tuple[str | None, ...]:
    found = standardise_phone(raw, region)
    assert found is not None
    return found["e164"], found["kind"], found["extension"], found["status"], found["reason"]


@pytest.mark.parametrize(
    "raw",
    [
        "18412340099-5678", "18412340099转5678", "18412340099 转 5678", "18412340099,5678", "18412340099#5678", "18412340099_5678",
        "18412340099 5678", "+86 18412340099-5678", "86-18412340099-5678", "18412340099-5678（虚拟号）", "[5678]18412340099",
        "【5678】18412340099", "18412340099 ext 5678", "18412340099分机5678", "184-1234-0099-5678", "184 1234 0099-5678", "18412340099 - 5678",
        "18412340099;5678", "请拨打18412340099转5678#", "18412340099-5678#", "手机：18412340099-5678", "王女士 18412340099-5678", "18412340099~5678",
        "18412340099x5678", "18412340099*5678", "18412340099－5678", "18412340099—5678",
    ],
)  # fmt: skip
def test_an_intermediary_s_number_keeps_its_extension(raw: str) -> None:
    assert told(raw) == ("+8618412340099", "virtual", "5678", "valid", None)


@pytest.mark.parametrize("raw", ["13912345670", "139 1234 5670", "王女士13912345670", "张三 139-1234-5670"])
def test_a_mobile_without_one_is_a_mobile(raw: str) -> None:
    assert told(raw)[:4] == ("+8613912345670", "mobile", None, "valid")


@pytest.mark.parametrize(
    "raw",
    [
        "06 12 34 56 78", "0612345678", "01 42 68 53 00", "07700 900123", "07911 123456", "0171 2345678", "0171-2345678", "030 901820",
        "090-1234-5678", "03-1234-5678", "02-312-3456", "9123 4567", "9123-4567", "0912-345-678", "(02) 2345-6780", "02-2345-6780",
        "98765 43210", "0412 345 678", "04 1234 5678", "612 345 678", "612345678", "93 123 45 67", "06 3212 3456", "8 903 123-45-67",
        "89031234567", "(11) 91234-5678", "081-234-5678", "0901 234 568", "05 61 23 45 67", "0049301234",
    ],
)  # fmt: skip
def test_no_number_of_another_country_gets_a_chinese_code(raw: str) -> None:
    e164, _, _, status, _ = told(raw)
    assert not (e164 or "").startswith("+86")
    assert status != "valid" or raw.startswith("00")


@pytest.mark.parametrize(
    "raw", ["415-555-2673", "(415) 555-2673", "(415)555-2673", "415.555.2673", "1-415-555-2673", "1 (415) 555-2673", "1 415 555 2673"]
)  # fmt: skip
def test_what_only_north_america_writes_so_is_its_number(raw: str) -> None:
    assert told(raw) == ("+14155552673", "fixed_or_mobile", None, "suspicious", "foreign_shape")


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("025 8345 6789", "+862583456789"), ("(0755)26712345", "+8675526712345"), ("86 755 26712345", "+8675526712345"),
        ("755-26712345", "+8675526712345"), ("0755 2671 2345", "+8675526712345"), ("010 - 6234 5678", "+861062345678"),
        ("86755-26712345", "+8675526712345"), ("8610-62751234", "+861062751234"), ("0512-68234567", "+8651268234567"),
        ("0 25 8345 6789", "+862583456789"), ("020-83312345", "+862083312345"), ("010-88888888", "+861088888888"),
    ],
)  # fmt: skip
def test_what_chinese_people_write_stays_theirs(raw: str, e164: str) -> None:
    assert told(raw)[0] == e164
    assert told(raw)[3] == "valid"


@pytest.mark.parametrize(
    "raw",
    ["021-11234567", "020-02345678", "0571-1234568", "010 1123 4567", "02512233445", "+86 25 1223 3445"],
)
def test_no_subscriber_begins_with_a_nought_or_a_one(raw: str) -> None:
    assert told(raw)[3:] == ("suspicious", "unassigned_range")


@pytest.mark.parametrize(
    ("raw", "region"),
    [
        ("999999999", "ES"), ("+34999999999", "CN"), ("0666666666", "FR"), ("+33 6 66 66 66 66", "FR"), ("+1 555 555 5555", "US"),
        ("(222) 222-2222", "US"), ("+1 1111111111", "US"), ("+4911111111111", "DE"), ("0000000000", "GB"), ("+10000000000", "US"),
        ("12222222222", "CN"), ("600000000", "ES"), ("+44 1234 567890", "GB"), ("+33123456789", "FR"), ("01 23 45 67 89", "FR"),
        ("01234567890", "GB"), ("1234567890", "US"), ("123456789", "PL"), ("400-000-0000", "CN"), ("0777777777", "CH"), ("88888888888", "CN"),
        ("010-12345678", "CN"), ("0755-12345678", "CN"), ("0512-1234567", "CN"), ("13999999999", "CN"), ("+39 333 3333333", "IT"),
    ],
)  # fmt: skip
def test_a_number_that_nobody_has_is_junk(raw: str, region: str) -> None:
    assert told(raw, region)[3] == "junk"


@pytest.mark.parametrize(
    ("raw", "region"),
    [
        ("090-1234-5678", "JP"), ("098765 43210", "IN"), ("06 66 66 66 65", "FR"), ("2345 6789", "HK"), ("+34 611 111 112", "ES"),
        ("415-555-2222", "US"), ("0800 111111", "GB"), ("13911111112", "CN"),
    ],
)  # fmt: skip
def test_numbers_that_only_look_so_are_kept(raw: str, region: str) -> None:
    assert told(raw, region)[3] == "valid"
