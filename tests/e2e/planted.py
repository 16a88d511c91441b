"""Personal values that occur nowhere else, planted into deliveries in every way that could carry them into a log."""

from __future__ import annotations

import json
from pathlib import Path

NAME = "甑魑饕"
LATIN_NAME = "Zyxwvq Kormarkovitz"
PHONE = "13971234907"
EMAIL = "zyxwvq.korm@plantedmail.cn"
ADDRESS = "饕餮甑路77号"
NATIONAL_ID = "420106198307241218"
MARKERS = (NAME, LATIN_NAME, "Kormarkovitz", PHONE, EMAIL, "zyxwvq.korm", ADDRESS, NATIONAL_ID)


def plant(home: Path) -> None:
    """Good rows, rows to quarantine, a torn row and a file without a header, beside the demo's deliveries."""
    good = {
        "reg_no": "W900000001", "name": NAME, "mobile": PHONE, "email": EMAIL, "address": ADDRESS,
        "city": "武汉市", "province": "湖北省", "country": "中国", "created_at": "2026-10-09T10:45:14",
        "remark": f"friend of {LATIN_NAME}",
    }  # fmt: skip
    foreign = {**good, "reg_no": "W900000002", "name": LATIN_NAME}
    broken = [
        {**good, "reg_no": "W900000003", "created_at": f"{LATIN_NAME} {PHONE}"},
        {**good, "reg_no": None},
        {**good, "reg_no": "W900000004", "consent": NAME, "birth": NATIONAL_ID, "created_at": ""},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in (good, foreign, *broken)]
    torn = lines[0][: len(lines[0]) // 2]
    web = home / "landing" / "web_registrations"
    (web / "planted.jsonl").write_text("\n".join([*lines, torn]) + "\n", encoding="utf-8")
    cards = home / "landing" / "prize_cards"
    row = [
        "K9",
        "B1",
        NAME,
        "男",
        "1983-07-24",
        NATIONAL_ID,
        PHONE,
        ADDRESS,
        "电饭煲",
        "C1",
        "2026/10/09 10:45",
    ]
    (cards / "no_header.csv").write_bytes(("\r\n".join([",".join(row)] * 3) + "\r\n").encode("gb18030"))


def found_in(content: bytes) -> list[str]:
    """The markers that bytes hold in clear: as UTF-8, GB18030, UTF-16, or escaped as JSON writes them."""
    return [marker for marker in MARKERS if any(form in content for form in _forms(marker))]


def _forms(marker: str) -> set[bytes]:
    escaped = json.dumps(marker)[1:-1].encode()
    return {marker.encode("utf-8"), marker.encode("gb18030"), marker.encode("utf-16-le"), escaped}
