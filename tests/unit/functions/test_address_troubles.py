"""Divisions without their class word, and one-line addresses whose parts stand two blanks or a line apart."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.functions.address import standardise_address


def read(line: str, country: str = "CN") -> dict[str, Any]:
    return standardise_address(line, None, None, None, None, None, None, None, None, country)


@pytest.mark.parametrize(
    ("line", "province", "city", "district", "street"),
    [
        ("湖北省神农架林区松柏镇常青路1号", "湖北省", "神农架林区", None, "常青路"), ("湖北神农架松柏镇常青路1号", "湖北省", "神农架林区", None, "常青路"),
        ("神农架松柏镇常青路1号", "湖北省", "神农架林区", None, "常青路"), ("湖北省神农架常青路1号", "湖北省", "神农架林区", None, "常青路"),
        ("海南陵水椰林镇1号", "海南省", "陵水黎族自治县", None, "椰林镇"), ("海南省陵水黎族自治县椰林镇1号", "海南省", "陵水黎族自治县", None, "椰林镇"),
        ("河北大厂夏垫镇1号", "河北省", "廊坊市", "大厂回族自治县", "夏垫镇"), ("贵州六枝平寨镇1号", "贵州省", "六盘水市", "六枝特区", "平寨镇"),
        ("内蒙古鄂温克伊敏路1号", "内蒙古自治区", "呼伦贝尔市", "鄂温克族自治旗", "伊敏路"),
        ("湖南江华沱江镇1号", "湖南省", "永州市", "江华瑶族自治县", "沱江镇"),
        ("内蒙古阿拉善左旗土尔扈特路1号", "内蒙古自治区", "阿拉善盟", "阿拉善左旗", "土尔扈特路"),
        ("云南大理市下关镇1号", "云南省", "大理白族自治州", "大理市", "下关镇"),
        ("新疆喀什市人民东路1号", "新疆维吾尔自治区", "喀什地区", "喀什市", "人民东路"),
        ("辽宁本溪满族自治县长江路1号", "辽宁省", "本溪市", "本溪满族自治县", "长江路"),
        ("湖北仙桃仙桃大道1号", "湖北省", "仙桃市", None, "仙桃大道"), ("河南济源黄河路1号", "河南省", "济源市", None, "黄河路"),
        ("石河子北四路1号", "新疆维吾尔自治区", "石河子市", None, "北四路"),
        ("东莞长安镇德政路1号", "广东省", "东莞市", None, "德政路"), ("中山小榄镇兴华路1号", "广东省", "中山市", None, "兴华路"),
        ("苏州工业园区星湖街1号", "江苏省", "苏州市", None, "星湖街"), ("济南市中区经七路1号", "山东省", "济南市", "市中区", "经七路"),
        ("济南市市中区经七路1号", "山东省", "济南市", "市中区", "经七路"), ("内江市中区交通路1号", "四川省", "内江市", "市中区", "交通路"),
        # what only looks so
        ("青岛市南京路1号", "山东省", "青岛市", None, "南京路"), ("青岛市北京路1号", "山东省", "青岛市", None, "北京路"),
        ("吉林省吉林市船营区北京路1号", "吉林省", "吉林市", "船营区", "北京路"), ("湖南长沙县星沙镇1号", "湖南省", "长沙市", "长沙县", "星沙镇"),
        ("广州市东莞庄路1号", "广东省", "广州市", None, "东莞庄路"), ("中山路1号", None, None, None, "中山路"),
        ("辽宁本溪平山胜利路1号", "辽宁省", "本溪市", "平山区", "胜利路"),
    ],
)  # fmt: skip
def test_divisions_without_their_class_word(
    line: str, province: str | None, city: str | None, district: str | None, street: str
) -> None:
    found = read(line)
    assert (found["province"], found["city"], found["district"], found["street"]) == (
        province,
        city,
        district,
        street,
    )
    assert "直辖县" not in (found["shown"] or "")


@pytest.mark.parametrize(
    ("line", "street", "number", "city", "province", "postcode", "country"),
    [
        ("12 Orchard Lane  Springfield  IL  62704  US", "orchard ln", "12", "springfield", "il", "62704", "US"),
        ("14 rue des Lilas  75008  Paris  FR", "rue des lilas", "14", "paris", None, "75008", "FR"),
        ("14 rue des Lilas  Paris  75008  FR", "rue des lilas", "14", "paris", None, "75008", "FR"),
        ("5 High Street  Leeds  LS1 4AP  United Kingdom", "high st", "5", "leeds", None, "LS14AP", "GB"),
        ("Musterstr. 5  10115  Berlin  DE", "musterstr", "5", "berlin", None, "10115", "DE"),
        ("Musterstr. 5  Berlin  10115  DE", "musterstr", "5", "berlin", None, "10115", "DE"),
        ("12  Main  Street  Apt  4  Portland  OR  97201", "main st", "12", "portland", "or", "97201", "CA"),
        ("PO Box 12  Boston  MA  02108  US", "po box", "12", "boston", "ma", "02108", "US"),
        ("1 Infinite Loop  Suite 5  Cupertino  CA  95014  USA", "infinite loop", "1", "cupertino", "ca", "95014", "US"),
        ("10 George St  Sydney  NSW  2000  Australia", "george st", "10", "sydney", "nsw", "2000", "AU"),
        ("123 Main St   Toronto   ON   M5V 2T6   CA", "main st", "123", "toronto", "on", "M5V2T6", "CA"),
        ("742 Evergreen Terrace\nSpringfield\nIL 62704", "evergreen tce", "742", "springfield", "il", "62704", "CA"),
        ("742 Evergreen Terrace,\r\nSpringfield, IL 62704", "evergreen tce", "742", "springfield", "il", "62704", "CA"),
        ("12 Main Street<br/>Boston, MA 02108", "main st", "12", "boston", "ma", "02108", "CA"),
        ("123  Main   Street , Springfield ,  IL  62701", "main st", "123", "springfield", "il", "62701", "CA"),
    ],
)  # fmt: skip
def test_parts_two_blanks_or_a_line_apart(
    line: str, street: str, number: str, city: str, province: str | None, postcode: str, country: str
) -> None:
    found = read(line, "CA")
    assert (found["street"], found["house_number"], found["city"], found["province"]) == (
        street,
        number,
        city,
        province,
    )
    assert (found["postcode"], found["country"]) == (postcode, country)
    assert "  " not in found["shown"]


def test_two_blanks_in_a_chinese_line_part_nothing() -> None:
    assert read("南京市  鼓楼区  中山北路  12号")["line"] == "中山北路12号"
