"""Texts in a name field that are nobody's name give no name; names that look like them stay names."""

from __future__ import annotations

import pytest

from pipelines.functions.name import standardise_name


@pytest.mark.parametrize(
    "text",
    [
        "test test", "Test User", "TEST TEST 2", "test123", "Test_User_7", "tester", "测试 测试", "测试账号", "测试123", "测试用户3", "测试人员", "測試",
        "合计", "合计：", "总计", "小计", "总计:5人", "共计", "本月合计", "汇总", "Total", "TOTAL:", "Grand Total", "Subtotal", "Summe", "Gesamtsumme",
        "无名", "无名氏", "匿名", "匿名用户", "匿名用户123", "微信用户", "微信用户1234", "支付宝用户", "淘宝买家", "抖音用户8k2",
        "用户8f3a92", "用户_392841", "手机用户1234", "手机用户138****5678", "新用户", "新会员", "普通会员", "散客", "零售客户", "现金客户", "游客", "访客3021",
        "wxid_abc123", "user123456", "User_8392", "guest42", "member #1002", "tb12345678", "jd_9a8b7c6d", "Guest User", "Guest Checkout",
        "Unknown Unknown", "null null", "None None", "nan nan", "undefined", "No Name", "N.N.", "NN", "Not Provided", "not available", "Customer Name",
        "姓名", "联系人", "收货人", "Full Name", "First Name Last Name", "asdf asdf", "qwerty", "abc", "xxx xxx", "XXX", "foo bar", "Dummy",
        "已注销", "用户已注销", "该用户已注销", "已注销用户", "Deleted User", "[deleted]", "(deleted account)", "Walk-in Customer", "Cash Sale",
        "路人甲", "某某", "某先生", "不愿透露姓名", "未填写", "请输入姓名", "姓名保密", "神秘人",
        "客户一", "顾客甲", "Gast", "Unbekannt", "Kunde 17", "Cliente",
        "Anonymous User", "Anonymous", "匿名者", "热心网友", "其他客户", "内部人员",
    ],
)  # fmt: skip
def test_it_is_no_name(text: str) -> None:
    found = standardise_name(text, None, None, None, None)
    assert found is not None
    assert (found["status"], found["shown"], found["family"], found["given"], found["full_key"], found["tokens"]) == (
        "junk", None, None, None, None, None,
    )  # fmt: skip


def test_neither_in_parts() -> None:
    for parts in (
        ("", "test", "test"),
        ("", "User", "Test"),
        ("", "用户", "测试"),
        ("", "unknown", "Unknown"),
        ("", "Last", "First"),
    ):
        found = standardise_name(parts[0], parts[1], parts[2], None, None)
        assert found is not None
        assert found["status"] == "junk", parts


@pytest.mark.parametrize(
    "text",
    [
        "Sum Wong", "Jane Guest", "Guest, Christopher", "Tester Testowski", "Testa Mario", "Nan Na", "Anna Nobody-Meier", "Kees Test", "Max Sample",
        "Hans Kunde", "Maria Cliente", "Total Ahmad", "Bar Refaeli", "Foo Wei Ming", "No Ji-hoon", "John Usher", "Name Okoye", "Ann Sample",
        "合雪", "总一郎", "计小明", "游小客", "任会员", "户田惠", "石用", "客家明", "佚明", "陈同上", "Anton Customer", "Ana Suma", "Ben Demo",
    ],
)  # fmt: skip
def test_a_name_that_looks_so_is_one(text: str) -> None:
    found = standardise_name(text, None, None, None, None)
    assert found is not None
    assert found["status"] != "junk"
    assert found["shown"]
