"""Names and addresses for people to read keep what standardising folds away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.functions.address import standardise_address
from pipelines.functions.name import standardise_name


def name(
    full: str | None, family: str | None = None, given_name: str | None = None, native: str | None = None
) -> str | None:
    found = standardise_name(full, family, given_name, None, native)
    return found["shown"] if found else None


def address(**parts: str) -> str | None:
    columns = (
        "address",
        "house_number",
        "street",
        "address_line_2",
        "district",
        "city",
        "province",
        "postcode",
        "country",
    )
    return standardise_address(*(parts.get(column) for column in columns), "CN")["shown"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("delivered", "shown"),
    [
        ("José García López", "José García López"),
        ("GARCÍA, José", "José García"),
        ("O'BRIEN, SEAN", "Sean O'Brien"),
        ("McDonald, Ronald", "Ronald McDonald"),
        ("müller-lüdenscheidt, klaus", "Klaus Müller-Lüdenscheidt"),
        ("Jan van der Berg", "Jan van der Berg"),
        ("Dr. John A. Smith", "John A Smith"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("Александр Пушкин", "Александр Пушкин"),
        ("ZHANG XIAO MING", "Xiaoming Zhang"),
        ("Lü Bu", "Bu Lü"),
        ("김 민준", "김민준"),
        ("陳 大文", "陳大文"),
        ("鈴木花子", "鈴木花子"),
        ("张三丰先生", "张三丰"),
        ("王先生", "王"),
        ("test", None),
    ],
)
def test_a_name_is_shown_as_its_bearer_writes_it(delivered: str, shown: str | None) -> None:
    assert name(delivered) == shown


def test_parts_delivered_apart_are_put_in_order() -> None:
    assert name(None, "Muñoz", "José") == "José Muñoz"
    assert name(None, "Wang", "Fang", "王芳") == "王芳"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ({"address": "221B Baker Street, London NW1 6XE", "country": "GB"}, "221B Baker Street, London NW1 6XE"),
        ({"address": "266 Queens Road, Leeds LS29 9AN", "city": "LEEDS", "country": "GB"}, "266 Queens Road, Leeds LS29 9AN"),
        ({"house_number": "12", "street": "HAUPTSTRASSE", "city": "MÜNCHEN", "postcode": "80331", "country": "DE"}, "Hauptstrasse 12, München, 80331"),
        ({"house_number": "268", "street": "Điện Biên Phủ", "city": "Đà Nẵng", "country": "VN"}, "268 Điện Biên Phủ, Đà Nẵng"),
        ({"address": "1600 pennsylvania ave nw", "city": "washington", "province": "dc", "country": "US"}, "1600 Pennsylvania Ave NW, Washington, DC"),
        ({"address": "江苏省南京市鼓楼区中山北路12号3栋", "postcode": "210009"}, "江苏省 南京市 鼓楼区 中山北路12号3栋 210009"),
        ({"province": "上海市", "city": "上海市", "district": "徐汇区", "address": "漕溪北路331号"}, "上海市 徐汇区 漕溪北路331号"),
        ({"address": "不详"}, None),
    ],
)  # fmt: skip
def test_an_address_is_shown_on_one_line(parts: dict[str, str], shown: str | None) -> None:
    assert address(**parts) == shown


@given(st.text(max_size=40))
def test_any_text_gives_a_name_or_none(text: str) -> None:
    shown = name(text)
    assert shown is None or shown.strip()


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_gives_an_address_or_none(line: str, town: str) -> None:
    shown = address(address=line, city=town)
    assert shown is None or shown.strip()
