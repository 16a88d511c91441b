"""Texts in a name field that are nobody's name: placeholders, default nicknames, totals, words of forms."""

from __future__ import annotations

import re

from pipelines.functions.lists import words
from pipelines.functions.text import has_han, is_placeholder, to_simplified

_WHOLE = words("name_placeholders")
_WORDS = words("name_placeholder_words")
_NO_NAME = re.compile(r"[\s\d_\-]+")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_WORD = re.compile(r"[a-z]+")
# A role, whose it is in front (微信用户, 新会员), a number or code behind (用户8f3a92).
_ROLE = re.compile(
    r"(?:微信|支付宝|淘宝|天猫|京东|抖音|快手|小红书|拼多多|美团|饿了么|微博|qq|手机|匿名|默认|新|老|普通|系统|注册|未注册|临时|测试|测试用|散|零售|现金"
    r"|门店|线上|线下|网店|网站|平台|小程序|公众号|未知|陌生|神秘|热心|本店|其他|其它|一般|虚拟|演示|内部|公司|已注销|注销|已删除|未命名|无名)*"
    r"(?:用户|会员|客户|顾客|买家|卖家|访客|游客|散客|旅客|乘客|账号|帐号|账户|网友|人员|客人|来宾|嘉宾|粉丝|读者|观众|朋友|人士|人|者|户)"
    r"(?:已注销|已删除|本人|一|甲|乙|丙|丁|某)?[#:：]?[0-9a-z*]*|某(?:先生|女士|小姐|太太|同学|老师|经理|生|人|男|女)"
)
# One of these characters is in every text that the patterns of hanzi take.
_TELLING = re.compile("[户员客家号友人宾丝者众朋某计总汇统不没未拒请勿暂保测试]|姓名|名[字称]")
_ACCOUNT = re.compile(
    r"(?:wxid|wx|openid|tb|jd|taobao|user|guest|member|customer|client|visitor|player|id)[ _\-#.]*(?=\w*\d)\w{3,}"
)
_TOTAL = re.compile(
    r"(?:本页|本月|本日|本年|当页|当月|全部|各项|金额|人数|数量|门店)?(?:合计|总计|小计|共计|累计|汇总|总和|总数|统计)(?:[:：].*|[\d.,]*(?:人|元|条|笔|个)?)"
)
_REFUSED = re.compile(
    r"(?:不愿|不想|不便|拒绝|未|没有|暂不|请勿?).{0,2}(?:透露|提供|填写|填|留|输入|登记|告知|写).{0,4}|(?:姓名|名字|名称)(?:保密|不详|未知|无|暂无|同上)"
)


def is_junk_name(whole: str) -> bool:
    """Whether the text stands for no name, e-mail addresses and text without letters included."""
    if whole.isascii():
        lower = bare = whole.lower()
        if not (whole[0].isalpha() and whole[-1].isalnum()):
            bare = _AROUND.sub("", lower)
        return _is_listed(lower, bare) or "@" in whole or not bare or _is_junk_latin(bare)
    lower = to_simplified(whole).lower()
    bare = _AROUND.sub("", lower)
    if _is_listed(lower, bare) or "@" in whole or not any(letter.isalpha() for letter in whole):
        return True
    return _TELLING.search(bare) is not None and has_han(bare) and _is_junk_hanzi(bare)


def _is_listed(lower: str, bare: str) -> bool:
    return lower in _WHOLE or bare in _WHOLE or _NO_NAME.sub("", lower) in _WHOLE or is_placeholder(lower)


def _is_junk_hanzi(bare: str) -> bool:
    together = re.sub(r"[\s_\-]+", "", bare)
    if _ROLE.fullmatch(together) or _TOTAL.fullmatch(bare) or _REFUSED.fullmatch(together):
        return True
    letters = re.sub(r"\d+", "", together)
    return any(letters[:cut] in _WHOLE and letters[cut:] in _WHOLE for cut in range(2, len(letters) - 1))


def _is_junk_latin(bare: str) -> bool:
    if len(bare) > 2 and bare == bare[0] * len(bare):
        return True
    if bare.isdigit() or not any(map(str.isalpha, bare)):
        return True
    first = _WORD.match(bare)
    if first and first[0] in _WORDS:
        return set(_WORD.findall(bare)) <= _WORDS
    return _ACCOUNT.fullmatch(bare) is not None
