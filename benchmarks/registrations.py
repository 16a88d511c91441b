"""Invented registrations in the columns of stg_records, a share of the rows repeating the values of others."""

from __future__ import annotations

import random

import pandas as pd

from pipelines.functions.chinese_ids import check_digit

DISTINCT = 0.6
CHINESE = 0.7
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_GIVEN = "建国伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文华志玉红梅春兰海波鹏飞宇浩欣怡佳琪子轩梓涵雨晨"
_PLACES = (
    ("江苏省", "南京市", "鼓楼区", "320106"), ("浙江省", "杭州市", "西湖区", "330106"), ("广东省", "深圳市", "南山区", "440305"),
    ("四川省", "成都市", "武侯区", "510107"), ("北京市", "北京市", "朝阳区", "110105"), ("上海市", "上海市", "徐汇区", "310104"),
)  # fmt: skip
_ROADS = ("中山北路", "文三路", "科苑路", "人民南路", "建国路", "漕溪北路", "解放大道", "北京西路")
_FIRST = (
    "John",
    "Mary",
    "Peter",
    "Anna",
    "Robert",
    "Maria",
    "James",
    "Laura",
    "Thomas",
    "Emma",
    "Bob",
    "Liz",
)
_LAST = (
    "Smith",
    "Jones",
    "Brown",
    "Taylor",
    "Wilson",
    "Garcia",
    "Miller",
    "Davis",
    "Moore",
    "Clark",
    "O'Brien",
    "van Dyk",
)
_CITIES = (
    ("London", "NW1 6XE", "GB"),
    ("New York", "10118", "US"),
    ("Berlin", "10115", "DE"),
    ("Sydney", "2000", "AU"),
)


def registrations(rows: int, columns: list[str], seed: int = 7) -> pd.DataFrame:
    """`rows` registrations with at least `columns`; every person's values are their own but for names, and two rows in five repeat a person."""
    dice = random.Random(seed)
    people = [
        chinese(dice, n) if dice.random() < CHINESE else western(dice, n) for n in range(int(rows * DISTINCT))
    ]
    frame = pd.DataFrame(people + dice.choices(people, k=rows - len(people)))
    frame.insert(0, "record_id", [f"web:{n}" for n in range(rows)])
    for name in set(columns) - set(frame.columns):
        frame[name] = None
    fixed = {
        "kind": "registration",
        "source_system": "web",
        "acquisition_mode": "own",
        "source_rank": 1,
        "event_at": None,
    }
    frame = frame.assign(**fixed, source_record_id=frame["record_id"])
    return frame.astype({c: "string" for c in frame.columns if c != "source_rank"})


def chinese(dice: random.Random, n: int) -> dict[str, str]:
    province, city, district, code = dice.choice(_PLACES)
    born = f"{dice.randint(1950, 2005)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}"
    number = f"{code}{born}{n % 1000:03d}"
    mobile = f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"
    return {
        "full_name": dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=2)) + (dice.choice(_GIVEN) if n % 7 == 0 else ""),
        "phone": dice.choice((mobile, f"+86 {mobile[:3]} {mobile[3:7]} {mobile[7:]}", f"025-{dice.randrange(10**7) + 80_000_000}")),
        "email": f"{dice.choice(('w', 'li', 'zh'))}{dice.randrange(10**8)}@{dice.choice(('qq.com', '163.com', 'sina.com'))}",
        "address": f"{province}{city}{district}{dice.choice(_ROADS)}{dice.randint(1, 900)}号{dice.randint(1, 20)}栋{n % 30 + 1}0{n % 4 + 1}室",
        "national_id": number + check_digit(number), "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}",
        "gender": dice.choice("男女"), "default_country": "CN",
    }  # fmt: skip


def western(dice: random.Random, n: int) -> dict[str, str]:
    city, postcode, country = dice.choice(_CITIES)
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    return {
        "full_name": f"{first} {chr(65 + n % 26)}. {last}{'son' if n % 3 else ''}{dice.choice(('', '-Lee', '-Ross'))}",
        "phone": f"+44 7400 {n % 10**6:06d}" if country == "GB" else f"+1 212 {dice.randint(200, 999)} {n % 10**4:04d}",
        "email": f"{first}.{last}{n}@{dice.choice(('gmail.com', 'outlook.com', 'acme.com'))}".replace(" ", "").replace("'", ""),
        "house_number": str(n % 900 + 1), "street": f"{dice.choice(('High', 'Baker', 'Park', 'Mill'))} Street", "city": city,
        "postcode": postcode, "country": country, "default_country": country, "gender": dice.choice("MF"),
        "birth_date": f"{dice.randint(1950, 2005)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
    }  # fmt: skip
