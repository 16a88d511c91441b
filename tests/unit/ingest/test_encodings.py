"""Encodings told from the bytes, and declarations that the bytes contradict."""

from __future__ import annotations

import pytest

from pipelines.errors import DeliveryError
from pipelines.ingest.encodings import settle_encoding

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
