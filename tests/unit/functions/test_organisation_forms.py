"""One organisation written with its place here or there, by its short name or with its branch, has one key."""

from __future__ import annotations

import pytest

from pipelines.functions.organisation import standardise_organisation


def read(raw: str) -> tuple[str | None, str | None, str | None]:
    found = standardise_organisation(raw)
    assert found is not None
    assert found["name"] == raw
    return found["core_key"], found["legal_form"], found["branch"]


@pytest.mark.parametrize(
    ("key", "forms"),
    [
        ("深圳甲乙科技", ["深圳市甲乙科技有限公司", "深圳甲乙科技有限公司", "甲乙科技(深圳)有限公司", "甲乙(深圳)科技有限公司", "甲乙科技深圳有限公司",
                    "广东省深圳市甲乙科技有限公司",
                    "甲乙科技有限公司(深圳)", "深圳市甲乙科技股份有限公司", "深圳甲乙科技", "甲乙科技[深圳市]有限责任公司"]),
        ("重庆甲乙商贸", ["重庆市甲乙商贸有限公司", "甲乙商贸(重庆)有限责任公司", "甲乙(重庆)商贸有限公司"]),
        ("内蒙古伊利实业", ["内蒙古伊利实业集团股份有限公司", "内蒙古自治区伊利实业集团", "伊利实业(内蒙古)集团"]),
        ("shanghaiacmetrading", ["Acme Trading (Shanghai) Co., Ltd.", "Shanghai Acme Trading Co Ltd", "Acme Trading Shanghai Ltd"]),
        ("中国工商银行", ["工行", "工商银行", "中国工商银行", "中国工商银行股份有限公司",
                    "工行北京朝阳支行", "工商银行北京朝阳支行", "中国工商银行股份有限公司北京朝阳支行"]),
        ("招商银行", ["招行", "招商银行", "招商银行股份有限公司", "招行深圳分行"]),
        ("中国邮政储蓄银行", ["邮储银行", "邮政储蓄银行", "中国邮政储蓄银行有限责任公司"]),
        ("清华大学", ["清华", "清华大学"]), ("清华大学附属中学", ["清华附中", "清华大学附中", "清华大学附属中学"]), ("北京大学", ["北大", "北京大学"]),
        ("上海交通大学", ["上海交大", "上交大", "上海交通大学"]), ("湖南师范大学", ["湖南师大", "湖南师范大学"]),
        ("南京第一中学", ["南京一中", "南京市一中", "南京市第一中学"]),
        ("南京实验小学", ["南京实小", "南京市实验小学"]), ("成都第七中学", ["成都七中", "成都市第七中学", "成都市七中"]),
        ("南京第一医院", ["南京市第一医院", "南京第一医院"]),
    ],
)  # fmt: skip
def test_forms_of_one_name_have_one_key(key: str, forms: list[str]) -> None:
    assert {raw: read(raw)[0] for raw in forms} == dict.fromkeys(forms, key)


@pytest.mark.parametrize(
    ("raw", "key", "branch"),
    [
        ("甲乙科技有限公司深圳分公司", "甲乙科技", "深圳分公司"), ("甲乙科技有限公司(深圳分公司)", "甲乙科技", "深圳分公司"),
        ("甲乙科技深圳分公司", "甲乙科技", "深圳分公司"),
        ("甲乙科技分公司", "甲乙科技", "分公司"), ("甲乙科技有限公司第二分公司", "甲乙科技", "第二分公司"),
        ("工商银行北京分行朝阳支行", "中国工商银行", "北京分行朝阳支行"),
        ("工行朝阳支行", "中国工商银行", "朝阳支行"), ("星巴克(南京西路店)", "星巴克", "南京西路店"), ("星巴克-南京西路店", "星巴克", "南京西路店"),
        ("优衣库[万达店]", "优衣库", "万达店"),
        ("南京大学仙林校区", "南京大学", "仙林校区"), ("南京市第一医院河西院区", "南京第一医院", "河西院区"),
        ("华为技术有限公司驻上海办事处", "华为技术", "驻上海办事处"),
    ],
)  # fmt: skip
def test_a_branch_stands_apart_from_the_firm(raw: str, key: str, branch: str) -> None:
    assert read(raw)[::2] == (key, branch)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("上海银行", "上海银行"), ("南京大学", "南京大学"), ("宁波银行", "宁波银行"), ("中山大学", "中山大学"), ("东方航空", "东方航空"),
        ("海南航空", "海南航空"),
        ("阿里巴巴(中国)有限公司", "阿里巴巴中国"), ("北京大成(南京)律师事务所", "北京大成南京"), ("上海集团", "上海"), ("大中", "大中"),
        ("建行天下文化有限公司", "建行天下文化"),
        ("北大荒集团", "北大荒"), ("Hilton Shanghai", "hiltonshanghai"), ("Acme (UK) Ltd", "acmeuk"), ("小李便利店", "小李便利店"), ("家有小店", "家有小店"),
    ],
)  # fmt: skip
def test_what_belongs_to_a_name_stays_in_it(raw: str, key: str) -> None:
    assert read(raw)[0] == key


def test_two_firms_of_two_places_stay_two() -> None:
    assert read("深圳市甲乙科技有限公司")[0] != read("甲乙科技(上海)有限公司")[0]
    assert read("工商银行")[0] != read("建设银行")[0]
    assert read("南京一中")[0] != read("南京二中")[0]
