"""Makes `lists/character_readings.txt` from pypinyin: `python -m pipelines.functions.reading_source`.

One line per reading and the characters of the main block that are read so, first reading first. Importing pypinyin for
them took a second of every night.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from pipelines.functions.text import READINGS_FILE

MAIN_BLOCK = range(0x4E00, 0xA000)  # CJK Unified Ideographs


def lines() -> list[str]:
    """The lines of the file, ordered by reading; a character that pypinyin cannot read is left out."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - slow import

    found = defaultdict(list)
    for character in map(chr, MAIN_BLOCK):
        reading = str(lazy_pinyin(character, style=Style.NORMAL)[0])
        if reading != character:
            found[reading].append(character)
    return [f"{reading} {''.join(characters)}" for reading, characters in sorted(found.items())]


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "lists" / READINGS_FILE
    target.write_text("\n".join(lines()) + "\n", encoding="utf-8")
