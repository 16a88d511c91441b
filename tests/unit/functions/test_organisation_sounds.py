"""A firm's name in hanzi and the same firm's name in latin letters meet by pinyin, never by a place or an English word."""

from __future__ import annotations

import pytest

from pipelines.functions.organisation import standardise_organisation


def sounds(name: str) -> set[str]:
    told = standardise_organisation(name)
    assert told is not None
    return set(told["sounds"])


@pytest.mark.parametrize(
    ("hanzi", "latin", "shared"),
    [
        ("上海宏达服装有限公司", "Shanghai Hongda Garments Co., Ltd", {"hongda"}),
        ("深圳市泰和广告有限公司", "Shenzhen Taihe Advertising Ltd", {"taihe"}),
        ("阿里巴巴集团", "Alibaba Group", {"alibaba"}),
        ("臺灣宏達電子股份有限公司", "Hongda Electronics Inc.", {"hongda"}),
        ("南京实验小学", "Nanjing Experimental Primary School", set()),
        ("南京宏达机械有限公司", "Harbour Bakery Ltd", set()),
        ("大众汽车", "Da Zhong Motors", set()),
    ],
)
def test_a_name_meets_its_pinyin(hanzi: str, latin: str, shared: set[str]) -> None:
    assert sounds(hanzi) & sounds(latin) == shared


def test_an_english_word_is_no_pinyin() -> None:
    assert sounds("Garments Trading International Ltd") == set()


def test_nothing_is_left_of_a_legal_form() -> None:
    assert sounds("GmbH") == set()
