"""Chinese surnames: which characters they are, how they are read as surnames, and titles that stand for a given name."""

from __future__ import annotations

import re
from functools import cache

from pipelines.functions.text import to_pinyin

COMPOUND = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "令狐",
        "夏侯",
        "端木",
        "轩辕",
        "长孙",
        "宇文",
        "南宫",
        "西门",
        "独孤",
        "百里",
        "呼延",
        "完颜",
        "拓跋",
        "公羊",
        "澹台",
        "闻人",
        "太史",
        "申屠",
        "钟离",
        "赫连",
        "濮阳",
        "淳于",
        "单于",
        "万俟",
    ]
)

_SPECIAL_READINGS = {
    "单": "shan", "仇": "qiu", "尹": "yin", "解": "xie", "曾": "zeng", "查": "zha", "区": "ou", "任": "ren", "盖": "ge",
    "朴": "piao", "乐": "yue", "缪": "miao", "翟": "zhai", "华": "hua", "宁": "ning", "覃": "qin", "冼": "xian", "冯": "feng",
    "纪": "ji", "葛": "ge", "秘": "bi", "折": "she", "黑": "he", "员": "yun", "召": "shao", "种": "chong", "重": "chong",
    "尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu", "长孙": "zhangsun", "澹台": "tantai", "吕": "lv", "逄": "pang",
    "晁": "chao", "谌": "chen", "洗": "xian", "么": "yao", "撒": "sa", "沈": "shen", "石": "shi", "曲": "qu", "卜": "bu",
}  # fmt: skip

_COMMON = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿"
    "桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢"
    "劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿"
    "薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)

_HONORIFICS = (
    "先生", "女士", "小姐", "太太", "老师", "经理", "主任", "医生", "大夫", "教授", "同志", "师傅", "总监", "总", "工", "律师",
    "同学", "阿姨", "叔叔", "哥", "姐",
)  # fmt: skip

_SYLLABLE = re.compile(
    r"(?:[zcs]h?|[bpmfdtnlgkhjqxrwy])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu"
    r"|ou|ua|ue|ve|ui|un|uo|vn|a|e|i|o|u|v)"
)


@cache
def surname_pinyin(surname: str) -> str:
    """How a surname is read as a surname: 单 is shan, 吕 is lv."""
    return _SPECIAL_READINGS.get(surname) or re.sub(r"[^a-z]", "", to_pinyin(surname)) or surname


@cache
def surname_readings() -> frozenset[str]:
    """Every reading of a common surname, ü also as u and yu."""
    plain = {surname_pinyin(letter) for letter in _COMMON}
    return frozenset(
        plain | {"lu", "lyu", "au", "wong", "chan", "cheung", "ng", "leung", "lau", "kwok", "tsai", "hsu"}
    )


@cache
def compound_pinyin() -> frozenset[str]:
    return frozenset(surname_pinyin(name) for name in COMPOUND)


def is_pinyin(word: str) -> bool:
    """Whether the whole word can be read as one to four pinyin syllables."""
    return 1 < len(word) <= 24 and re.fullmatch(f"(?:{_SYLLABLE.pattern}){{1,4}}", word) is not None


def split_hanzi(name: str, is_surname_only: bool) -> tuple[str, str]:
    """Surname and given name; a name with · (many minority names) has its own order: first part, then family."""
    if "·" in name:
        given, _, family = name.partition("·")
        return family.replace("·", ""), given
    if name[:2] in COMPOUND and len(name) > 2 - is_surname_only:
        return name[:2], name[2:]
    if len(name) == 1:
        return name, ""
    return name[:1], name[1:]


def strip_honorific(name: str) -> tuple[str, str | None]:
    """The name without a title behind it, and the title; a title counts only after a bare surname or a whole name."""
    for title in _HONORIFICS:
        bare = name.removesuffix(title)
        if bare != name and (
            bare in COMPOUND or (len(bare) == 1 and bare in _COMMON) or (len(title) > 1 and len(bare) > 1)
        ):
            return bare, title
    return name, None
