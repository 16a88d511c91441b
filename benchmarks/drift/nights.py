"""Invented nightly deliveries of four sources: ordinary noise, weekdays, slow growth, and nothing else."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from math import exp

import pandas as pd

SOURCES = ("web", "orders", "list_a", "list_b")
START = datetime(2026, 3, 2, 1, 30)  # a Monday; UTC
USUAL_ROWS = {"web": 320, "orders": 700, "list_a": 260, "list_b": 240}
_WEEKDAYS = {"web": (1, 1, 1, 1, 1.1, 1.5, 1.4), "orders": (1, 0.95, 0.95, 1, 1.2, 1.7, 1.6)}
_NOISE, _GROWTH = 0.09, 0.003  # of the logarithm: from night to night, and per night

_SURNAMES = {"王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang", "黄": "huang", "赵": "zhao",
             "吴": "wu", "周": "zhou", "徐": "xu", "孙": "sun", "马": "ma", "朱": "zhu", "胡": "hu", "林": "lin"}  # fmt: skip
_GIVEN = {"伟": "wei", "芳": "fang", "娜": "na", "敏": "min", "静": "jing", "强": "qiang", "磊": "lei", "洋": "yang", "勇": "yong",
          "艳": "yan", "杰": "jie", "涛": "tao", "明": "ming", "超": "chao", "霞": "xia", "平": "ping", "刚": "gang", "文": "wen"}  # fmt: skip
_PLACES = (
    ("广东省", "广州市", "020", 13), ("江苏省", "南京市", "025", 10), ("山东省", "济南市", "0531", 9), ("浙江省", "杭州市", "0571", 9),
    ("河南省", "郑州市", "0371", 8), ("四川省", "成都市", "028", 8), ("湖北省", "武汉市", "027", 7), ("上海市", "上海市", "021", 7),
    ("北京市", "北京市", "010", 7), ("河北省", "石家庄市", "0311", 5), ("福建省", "福州市", "0591", 5), ("湖南省", "长沙市", "0731", 4),
    ("安徽省", "合肥市", "0551", 3), ("辽宁省", "沈阳市", "024", 3), ("陕西省", "西安市", "029", 2),
)  # fmt: skip
_CATEGORIES = (
    ("食品", 30),
    ("服装", 22),
    ("家电", 12),
    ("美妆", 12),
    ("图书", 8),
    ("玩具", 6),
    ("运动", 6),
    ("家居", 4),
)


class Nights:
    """Deliveries of one seed; `delivery(source, night)` is to be asked night by night, since lists remember their people."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.people: dict[str, list[dict[str, str]]] = {source: [] for source in SOURCES}
        """Who was delivered so far, by source: what a resold list is made of."""
        self._number = 0

    def delivered_at(self, night: int) -> datetime:
        return START + timedelta(days=night, minutes=self._dice.randrange(20))

    def delivery(self, source: str, night: int) -> pd.DataFrame:
        at = START + timedelta(days=night)
        weekday = _WEEKDAYS.get(source, (1.0,) * 7)[at.weekday()]
        rows = USUAL_ROWS[source] * weekday * exp(self._dice.gauss(0, _NOISE) + _GROWTH * night)
        made = [self._row(source, at) for _ in range(round(rows))]
        if source.startswith("list"):
            self.people[source] += made
        return pd.DataFrame(made)

    def _row(self, source: str, at: datetime) -> dict[str, str]:
        self._number += 1
        row = {"id": f"{source}{self._number}", **self._person()}
        moment = at - timedelta(minutes=self._dice.randrange(1440))
        if source == "web":
            return row | {
                "form_version": self._chosen((("v3", 70), ("v4", 30))), "registered_at": f"{moment:%Y-%m-%d %H:%M:%S}",
                "consent_marketing": "true" if self._dice.random() < 0.62 else "false",
            }  # fmt: skip
        if source == "orders":
            kept = {name: row[name] for name in ("id", "full_name", "phone")}
            return kept | {
                "order": f"o{self._number}", "amount": f"{exp(self._dice.gauss(4.6, 0.8)):.2f}",
                "quantity": str(min(9, 1 + int(self._dice.expovariate(1.2)))), "product_category": self._chosen(_CATEGORIES),
                "store_id": f"S{self._dice.choice((1, 1, 1, 2, 2, 3, 4, 5)):02d}",
                "payment_method": self._chosen((("wechat", 48), ("alipay", 38), ("card", 10), ("cash", 4))),
                "is_return": "true" if self._dice.random() < 0.03 else "false", "transacted_at": f"{moment:%Y-%m-%d %H:%M:%S}",
            }  # fmt: skip
        collected = at - timedelta(days=self._dice.randrange(20, 300))
        return row | {"segment_code": self._dice.choice("ABCD"), "collected_at": f"{collected:%Y-%m-%d}"}

    def _person(self) -> dict[str, str]:
        dice = self._dice
        family, given = dice.choice([*_SURNAMES]), "".join(dice.choices([*_GIVEN], k=dice.choice((1, 2, 2))))
        province, city, area, _ = dice.choices(_PLACES, [place[3] for place in _PLACES])[0]
        latin = _SURNAMES[family] + "".join(_GIVEN[letter] for letter in given)
        mailbox = (
            f"{latin}{dice.randrange(10, 9999)}"
            if dice.random() < 0.6
            else f"{dice.randrange(10**8, 10**10)}"
        )
        host = dice.choice(("qq.com", "163.com", "gmail.com", "sina.com"))
        landline = f"{area}-{dice.randrange(2, 9)}{dice.randrange(10**7):07d}"
        mobile = f"1{dice.choice(('38', '39', '59', '86', '77'))}{dice.randrange(10**8):08d}"
        born = datetime(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
        return {
            "full_name": family + given, "gender": self._chosen((("男", 49), ("女", 49), ("", 2))),
            "birth_date": f"{born:%Y-%m-%d}" if dice.random() < 0.9 else "", "city": city, "province": province,
            "phone": landline if dice.random() < 0.2 else mobile,
            "email": f"{mailbox}@{host}" if dice.random() < 0.8 else "",
        }  # fmt: skip

    def _chosen(self, weighted: tuple[tuple[str, int], ...]) -> str:
        return self._dice.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
