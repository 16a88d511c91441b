"""Chinese surnames: which characters they are, how they are read as surnames, romanised spellings of other traditions."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from pipelines.functions.lists import words
from pipelines.functions.text import has_han, to_ascii, to_pinyin

COMPOUND = words("compound_surnames")
JAPANESE = words("japanese_surnames")
# Two surnames that became one in Taiwan; elsewhere the second character belongs to the given name.
DOUBLE = frozenset({"张简", "张廖", "范姜"})

_SPECIAL_READINGS = {
    "单": "shan", "仇": "qiu", "尹": "yin", "解": "xie", "曾": "zeng", "查": "zha", "区": "ou", "任": "ren", "盖": "ge",
    "朴": "piao", "乐": "yue", "缪": "miao", "翟": "zhai", "华": "hua", "宁": "ning", "覃": "qin", "冼": "xian", "冯": "feng",
    "纪": "ji", "葛": "ge", "秘": "bi", "折": "she", "黑": "he", "员": "yun", "召": "shao", "种": "chong", "重": "chong",
    "尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu", "长孙": "zhangsun", "澹台": "tantai", "吕": "lv", "逄": "pang",
    "晁": "chao", "谌": "chen", "洗": "xian", "么": "yao", "撒": "sa", "沈": "shen", "石": "shi", "曲": "qu", "卜": "bu",
    "繁": "po", "郗": "xi", "郇": "xun", "乜": "nie", "句": "gou", "祭": "zhai", "宓": "mi", "车": "che", "都": "du", "尉": "wei", "薄": "bo", "佴": "nai",
    "盛": "sheng", "哈": "ha", "过": "guo", "那": "na", "殷": "yin", "隗": "wei", "阚": "kan", "应": "ying", "乐正": "yuezheng",
    "亓官": "qiguan", "宰父": "zaifu", "夹谷": "jiagu", "闾丘": "lvqiu", "令狐": "linghu", "夏侯": "xiahou", "第五": "diwu",
    "濮阳": "puyang", "拓跋": "tuoba", "皇甫": "huangfu", "长": "chang",
}  # fmt: skip
# Readings in given names where the everyday reading is another.
_GIVEN_READINGS = {
    "什": "shi",
    "茜": "qian",
    "行": "xing",
    "晟": "sheng",
    "娜": "na",
    "长": "chang",
    "曾": "zeng",
    "冠": "guan",
    "的": "di",
}

COMMON = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦傅付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤洪赖"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷代"
    "盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿"
    "桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢"
    "繁劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿"
    "薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅占丘庾莘贡逄扶郦璩濮郏习宦暨弘殳沃訾毋乜巢蒯竺桓佴利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)

_SYLLABLE = re.compile(
    r"(?:[zcs]h?|[bpmfdtnlgkhjqxrwy])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu"
    r"|ou|ua|ue|ve|ui|un|uo|vn|a|e|i|o|u|v)"
)
# Syllables of Cantonese, Wade-Giles, Hokkien and Korean romanisation, wider than pinyin.
_EASTERN = re.compile(
    r"(?:(?:ts|ch|sh|zh|hs|kw|gw|ng|sz|kh|ph|th|[bpmfdtnlgkhjqxzcsrwy])?[aeiouv]{1,3}(?:ng|n|m|p|t|k|h|r|w)?|ng|sze|tsz){1,3}"
)


@cache
def surname_pinyin(surname: str) -> str:
    """How a surname is read as a surname: 单 is shan, 吕 is lv."""
    if surname in _SPECIAL_READINGS:
        return _SPECIAL_READINGS[surname]
    return given_pinyin(surname) or surname  # one everyday character, or a family written out (乔治·布什)


def given_pinyin(given: str) -> str:
    """A given name in pinyin without tones or blanks; letters of other scripts as ASCII."""
    read = "".join(
        _GIVEN_READINGS.get(letter) or to_pinyin(letter) if has_han(letter) else letter for letter in given
    )
    return re.sub(r"[^a-z]", "", to_ascii(read))


@cache
def romanised_surnames() -> dict[str, frozenset[str]]:
    """Cantonese, Wade-Giles, Hokkien and Korean spellings -> the pinyin readings behind them (none for Korean ones)."""
    found: dict[str, frozenset[str]] = {}
    with files("pipelines.functions.lists").joinpath("romanised_surnames.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split():
                spelling, _, readings = word.partition("=")
                found[spelling] = found.get(spelling, frozenset()) | frozenset(
                    filter(None, readings.split("/"))
                )
    return found


def surname_variants(family_latin: str | None) -> list[str] | None:
    """Pinyin readings that a romanised surname may stand for (wong: huang, wang), itself included; weak evidence."""
    if not family_latin:
        return None
    spellings = {family_latin, *romanised_surnames().get(family_latin, ())}
    if family_latin.startswith(("lv", "nv")):
        spellings |= {family_latin.replace("v", "u", 1), family_latin.replace("v", "yu", 1)}
    return sorted(spellings)


@cache
def surname_readings() -> frozenset[str]:
    """Every reading of a common surname, ü also as u and yu, and spellings of other traditions."""
    plain = {surname_pinyin(letter) for letter in COMMON}
    return frozenset(plain | {"lu", "lyu"} | romanised_surnames().keys())


@cache
def surname_ranks() -> dict[str, int]:
    """Reading -> place of its most frequent surname, from 0 for 王 (order of `COMMON`)."""
    ranks: dict[str, int] = {}
    for place, letter in enumerate(COMMON):
        ranks.setdefault(surname_pinyin(letter), place)
    return ranks


@cache
def compound_pinyin() -> frozenset[str]:
    return frozenset(surname_pinyin(name) for name in COMPOUND)


def is_pinyin(word: str) -> bool:
    """Whether the whole word can be read as one to four pinyin syllables."""
    return 1 < len(word) <= 24 and re.fullmatch(f"(?:{_SYLLABLE.pattern}){{1,4}}", word) is not None


def is_eastern(word: str) -> bool:
    """Whether the word can be read as Chinese or Korean in some romanisation."""
    if word in romanised_surnames():
        return True
    word = re.sub(r"(?<=[ln])yu", "v", word)
    return is_pinyin(word) or (1 < len(word) <= 18 and _EASTERN.fullmatch(word) is not None)
