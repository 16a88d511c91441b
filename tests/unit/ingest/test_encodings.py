"""Encodings told from the bytes, and declarations that the bytes contradict."""

from __future__ import annotations

import time

import pytest
from invented_lists import LISTS, invented_list

from pipelines.errors import DeliveryError
from pipelines.ingest.encodings import SAMPLE_BYTES, settle_encoding

JAPANESE = "no,姓名\n" + "1,山田ひろみの友人は東京都渋谷区に住んでいる\n" * 9
CHINESE = "no,姓名\n" + "1,张丽华的朋友住在广东省深圳市南山区\n" * 9
TRADITIONAL = "no,姓名\n" + "1,張麗華的朋友住在臺北市信義區\n" * 9
WESTERN = "no,nom\n" + "1,François Lefèvre-Béranger Éléonore, Straße\n" * 9


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (JAPANESE, "shift_jis", "shift_jis"),
        (CHINESE, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (WESTERN, "latin-1", "cp1252"),
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
    ],
)
def test_an_encoding_is_told_from_the_bytes(text: str, written: str, found: str) -> None:
    assert settle_encoding(text.encode(written), "auto", "a.csv") == found


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        (text, written, declared)
        for text, written in ((JAPANESE, "shift_jis"), (CHINESE, "gb18030"), (TRADITIONAL, "big5"), (WESTERN, "latin-1"))
        for declared in ("shift_jis", "gb18030", "big5", "latin-1")
        if declared != written
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_noticed(text: str, written: str, declared: str) -> None:
    assert settle_encoding(text.encode(written), written, "a.csv") == written
    with pytest.raises(DeliveryError) as refused:
        settle_encoding(text.encode(written), declared, "a.csv")
    assert refused.value.code == "wrong_encoding"


def told(data: bytes) -> str:
    """The encoding found, with cp1252 by its other name; or "refused"."""
    try:
        return settle_encoding(data[:SAMPLE_BYTES], "auto", "a.csv").replace("cp1252", "latin-1")
    except DeliveryError:
        return "refused"


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("kind", LISTS)
def test_40_of_40_invented_lists_are_told(kind: str, header: bool) -> None:
    texts = [invented_list(kind, seed, header=header) for seed in range(40)]
    assert [told(text.encode(kind)) for text in texts] == [kind] * 40


def test_40_of_40_lists_with_second_level_addresses_are_told() -> None:
    shenzhen = [
        text for seed in range(200) if "深圳" in (text := invented_list("gb18030", seed, header=False))
    ]
    assert [told(text.encode("gb18030")) for text in shenzhen[:40]] == ["gb18030"] * 40
    assert {told(text.replace(",", "|").encode("gb18030")) for text in shenzhen[:5]} == {"gb18030"}


@pytest.mark.parametrize("kind", LISTS)
def test_unicode_lists_are_told(kind: str) -> None:
    text = invented_list(kind, 1, 200)
    marked = {"utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "utf-32": "utf-32"}
    bare = {"utf-8": "utf-8", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}
    assert {written: told(text.encode(written)) for written in marked | bare} == marked | bare


@pytest.mark.parametrize("kind", LISTS)
def test_only_the_declaration_that_fits_is_taken(kind: str) -> None:
    for seed in range(5):
        data = invented_list(kind, seed, 100, header=False).encode(kind)
        taken = []
        for declared in LISTS:
            try:
                taken.append(settle_encoding(data, declared, "a.csv"))
            except DeliveryError:
                continue
        assert taken == [kind]


def test_japanese_in_other_forms_is_told() -> None:
    assert told(invented_list("shift_jis", 4).encode("euc_jp")) == "euc_jp"
    rows = [f"{n},山田太郎{one},ﾔﾏﾀﾞ ﾀﾛｳ{one},渋谷区" for n, one in enumerate("あいうえお")]
    assert told("\n".join(rows).encode("shift_jis")) == "shift_jis"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("no,g\n1,男\n2,女\n", "gb18030"),  # two characters read as well in Korean
        ("n,t\n1,12°\n", "latin-1"),
        ("Иванов Сергей улица Ленина Москва Щёкино подъезд Наталья", "cp1251"),
        ("Иванов Сергей улица Ленина Москва Щёкино подъезд Наталья", "koi8-r"),
        ("Γιώργος Παπαδόπουλος Αθήνα οδός Ερμού Θεσσαλονίκη", "cp1253"),
        ("Wałęsa Łódź źdźbło Dvořák Čapek Příbram Žižkov pěkný kůň", "cp1250"),
        ("Şükrü Yıldız İstanbul Beyoğlu Çağlayan Güneş Işık Doğan", "cp1254"),
        ("François Müller Éléonore Straße José García", "mac-roman"),
        ("สมชาย ใจดี กรุงเทพมหานคร ถนนสุขุมวิท", "tis-620"),
        ("محمد علي شارع القاهرة مصر", "cp1256"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(text: str, written: str) -> None:
    with pytest.raises(
        DeliveryError, match=r"cannot be told from its bytes \(.+\); declare `encoding` in the contract"
    ):
        settle_encoding(text.encode(written), "auto", "a.csv")
    assert settle_encoding(text.encode(written), written, "a.csv") == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("no,name\n1,Müller\n", "latin-1"),
        ("no,name\n1,O’Brien\n", "cp1252"),
        ("no,name\n1,张伟\n", "gb18030"),
        ("n\n1,深圳\n", "gb18030"),
    ],
)
def test_a_single_plain_value_suffices(text: str, written: str) -> None:
    assert told(text.encode(written)) in (written, "latin-1")


def test_a_broken_byte_does_not_make_another_encoding_of_a_file() -> None:
    text = invented_list("gb18030", 2, 300)
    for written in ("gb18030", "utf-8"):
        data = text.encode(written)
        assert told(data[:5000] + b"\xff" + data[5000:]) == written


def test_telling_is_quick() -> None:
    sample = invented_list("gb18030", 3, 8000).encode("gb18030")
    told(sample)
    start = time.process_time()
    assert told(sample) == "gb18030"
    assert time.process_time() - start < 1.0
