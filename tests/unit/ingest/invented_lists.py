"""Invented lists of 1,000 rows in the languages of the encodings that are told from bytes; another list for each seed."""

from __future__ import annotations

import random

# Second-level characters of GB2312 in places (圳濮漯衢泸鄞婺歙黟浏醴郫岷闵亳邛崃涪) and in given names.
_HANS = (
    "王李张刘陈闫邢祁褚逄亓",
    "晟淼璟玥婧昕妍赟瑾璇煜烨骁昊翀旻晗钰珏",
    ["广东省深圳市南山区粤海街道", "广东省深圳市福田区莲花街道", "河南省濮阳市华龙区", "浙江省衢州市柯城区", "四川省泸州市江阳区",
     "安徽省亳州市谯城区", "浙江省宁波市鄞州区", "湖南省浏阳市淮川街道", "江西省婺源县紫阳镇", "重庆市涪陵区崇义街道", "四川省邛崃市临邛镇",
     "上海市闵行区莘庄镇"],
    "编号,姓名,手机,地址",
)  # fmt: skip
_HANT = (
    "王李張劉陳閻邱鄺鄒龔",
    "淼璟玥婧妤瑄珮翊晟筠彥穎雯琬瀚",
    ["臺北市大安區忠孝東路", "深圳市南山區粵海街道", "新北市鶯歌區國慶街", "高雄市鹽埕區大勇路", "臺中市霧峰區中正路", "香港九龍旺角彌敦道",
     "臺南市佳里區延平路", "桃園市龜山區文化路", "澎湖縣馬公市光復路", "苗栗縣苑裡鎮為公路", "新北市汐止區福德路", "香港灣仔軒尼詩道"],
    "編號,姓名,電話,地址",
)  # fmt: skip
_JA = (
    "佐鈴渡邊齋藤髙濱澤齊櫻齡".replace("髙", "高"),
    "子美恵優翔凛颯莉瑛璃琉彌碧",
    ["東京都渋谷区神南", "神奈川県横浜市青葉区", "埼玉県さいたま市大宮区", "大阪府堺市堺区", "京都府京都市左京区", "東京都葛飾区柴又",
     "福岡県福岡市博多区", "鹿児島県薩摩川内市", "岐阜県各務原市", "長野県諏訪市湖岸通り", "兵庫県淡路市岩屋", "ﾄｳｷｮｳﾄ ﾐﾅﾄｸ ﾛｯﾎﾟﾝｷﾞ"],
    "番号,氏名,電話,住所",
)  # fmt: skip
_KO = (
    "김이박최정강조윤장임한오서신권황안송류홍",
    "민서준현수진영지은혜미정경희숙율솔빛찬",
    ["서울특별시 강남구 테헤란로", "부산광역시 해운대구 센텀로", "대구광역시 수성구 범어동", "경기도 성남시 분당구", "충청북도 청주시 흥덕구",
     "전라남도 여수시 학동", "제주특별자치도 서귀포시", "강원도 춘천시 퇴계동"],
    "번호,이름,전화,주소",
)  # fmt: skip
_WEST = (
    ["Müller", "Lefèvre", "García", "Muñoz", "Gonçalves", "Åkesson", "Sørensen", "Weiß", "Nowak", "Smith", "Brontë"],
    ["François", "Éléonore", "José", "Jürgen", "João", "Björn", "Anna", "Inês", "Zoë", "John", "Mónica", "Søren"],
    ["Königstraße", "Rue de l'Église", "Calle Peñón", "Avenida São João", "Ångströmsvägen", "High Street", "Østergade"],
    "no,name,phone,address",
)  # fmt: skip
LISTS = {"gb18030": _HANS, "big5": _HANT, "shift_jis": _JA, "euc_kr": _KO, "latin-1": _WEST}


def invented_list(kind: str, seed: int, rows: int = 1000, *, header: bool = True) -> str:
    """A CSV of number, name, phone and address; the list of one seed keeps to a few places, as a town's list does."""
    dice = random.Random(seed)
    families, given, places, head = LISTS[kind]
    near = dice.sample(places, 3)
    lines = [head if header else "no,name,phone,address"]
    for number in range(rows):
        name = dice.choice(families) + (" " if kind == "latin-1" else "") + dice.choice(given)
        if kind != "latin-1" and dice.random() < 0.6:
            name += dice.choice(given)
        lines.append(
            f"{number},{name},13{dice.randrange(10**9):09},{dice.choice(near)}{dice.randrange(1, 999)}"
        )
    return "\n".join(lines) + "\n"
