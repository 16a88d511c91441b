"""What stands around names, particles out of place, several people in one field, names of Arabic and Japanese script."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.functions.name import standardise_name


def name(
    full: str | None, family: str | None = None, given: str | None = None, middle: str | None = None
) -> dict[str, Any]:
    found = standardise_name(full, family, given, middle, None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Dr. med. Anna Kehl", "Dr. med. dent. Anna Kehl", "Dr. rer. nat. Anna Kehl", "Dr.rer.nat. Anna Kehl", "Prof. Dr. med. habil. Anna Kehl",
        "Dr.-Ing. Anna Kehl", "Dipl.-Ing. Anna Kehl", "Dipl. Ing. (FH) Anna Kehl", "Dipl.-Kfm. Anna Kehl", "Dr. h.c. Anna Kehl",
        "Dr. h. c. mult. Anna Kehl", "Dr. phil. Anna Kehl", "Dr. jur. Anna Kehl", "Mag. Anna Kehl", "Ing. Anna Kehl", "MUDr. Anna Kehl", "Dott.ssa Anna Kehl",
        "Avv. Anna Kehl", "Herrn Dr. med. Anna Kehl", "Frau Prof. Dr. Anna Kehl", "Sig.ra Anna Kehl", "Mevr. Anna Kehl", "Fr. Anna Kehl", "Drs. Anna Kehl",
        "Lic. Anna Kehl", "Univ.-Prof. Dr. Anna Kehl", "Priv.-Doz. Dr. Anna Kehl", "Shri Anna Kehl", "Eng. Anna Kehl", "DR MED ANNA KEHL",
        "Kehl, Dr. med. Anna", "Kehl, Anna, Dr. med.", "Anna Kehl Dr. med.", "Anna Kehl, M.A.", "Anna Kehl M.A.", "Anna Kehl B.Sc.", "Anna Kehl, RN",
        "Anna Kehl, LL.M.", "Anna Kehl, MBA, CPA", "Kehl, Anna, RN", "Anna Kehl, Dipl.-Ing.", "Anna Kehl, Esq.", "Anna Kehl, V", "Anna Kehl V",
        "Kehl, Anna, V",
        "Anna Kehl, VII", "Anna Kehl, I", "Anna Kehl, Ph.D.",
    ],
)  # fmt: skip
def test_titles_and_degrees_are_no_names(text: str) -> None:
    found = name(text)
    assert (found["family"], found["given"], found["middle"], found["shown"]) == (
        "kehl",
        "anna",
        None,
        "Anna Kehl",
    )


@pytest.mark.parametrize(
    ("text", "generation"),
    [("John Smith, V", "5"), ("Smith, John, V", "5"), ("John Smith VII", "7"), ("John Smith, I", "1")],
)
def test_an_ordinal_behind_a_whole_name_tells_the_generation(text: str, generation: str) -> None:
    assert name(text)["generation"] == generation


@pytest.mark.parametrize(
    ("text", "family", "given", "middle"),
    [
        ("Dr. Phil McGraw", "mcgraw", "phil", None), ("Med Hondo", "hondo", "med", None), ("Smith, John V", "smith", "john", "v"),
        ("Smith, J.R.", "smith", "j", "r"), ("Vi Nguyen", "nguyen", "vi", None), ("Ma, Lin", "ma", "lin", None), ("Do, Van", "do", "van", None),
        ("H. G. Wells", "wells", "h", "g"), ("M. Night Shyamalan", "shyamalan", "m", "night"), ("Mag Ruffman", "ruffman", "mag", None),
        ("Ir Amanda", "amanda", "ir", None), ("Ma Lin, RN", "ma", "lin", None), ("Ing Wen Tsai", "tsai", "ingwen", None),
    ],
)  # fmt: skip
def test_names_that_look_like_titles_stay(text: str, family: str, given: str, middle: str | None) -> None:
    found = name(text)
    assert (found["family"], found["given"], found["middle"]) == (family, given, middle)


@pytest.mark.parametrize(
    ("parts", "family", "shown"),
    [
        (("Vries, Peter de",), "de vries", "Peter de Vries"), (("Peter de Vries",), "de vries", "Peter de Vries"), (("Vries de, Peter",), "de vries", None),
        (("Vries, de, Peter",), "de vries", None), (("Bergh, Jan van der",), "van der bergh", "Jan van der Bergh"),
        (("Hof, Jan van 't",), "van t hof", "Jan van 't Hof"),
        (("Jan van 't Hof",), "van t hof", "Jan van 't Hof"), (("Goethe, Johann Wolfgang von",), "von goethe", "Johann Wolfgang von Goethe"),
        (("Silva, João da",), "da silva", "João da Silva"), (("Brink, Jan ten",), "ten brink", None), (("Jan ten Brink",), "ten brink", None),
        ((None, "Vries", "Peter de"), "de vries", None), ((None, "Vries", "Peter", "de"), "de vries", "Peter de Vries"),
        ((None, "Vries, de", "Peter"), "de vries", None),
        ((None, "Bergh", "Jan", "van der"), "van der bergh", None), ((None, "de Vries", "Peter"), "de vries", None), (("Pacino, Al",), "pacino", "Al Pacino"),
        ((None, "Pacino", "Al"), "pacino", "Al Pacino"),
    ],
)  # fmt: skip
def test_particles_belong_to_the_family_wherever_they_stand(
    parts: tuple[str | None, ...], family: str, shown: str | None
) -> None:
    found = name(*parts)
    assert found["family"] == family
    assert shown in (None, found["shown"])


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Mr & Mrs Smith", "smith", None), ("Mr. and Mrs. John Smith", "smith", "john"), ("Dr. & Mrs. Lee", "lee", None),
        ("Herr und Frau Meier", "meier", None),
        ("M. et Mme Dupont", "dupont", None), ("Sr. y Sra. García", "garcia", None), ("Herr/Frau Meier", "meier", None),
        ("Mr Smith & Mrs Jones", "smith", None),
        ("John & Mary Smith", "smith", "john"), ("John + Mary Smith", "smith", "john"), ("John Smith and Mary Jones", "smith", "john"),
        ("Smith, John & Mary", "smith", "john"), ("Anna/Peter Meier", "meier", "anna"), ("Anna Meier / Peter Meier", "meier", "anna"),
        ("Anna Meier; Peter Meier", "meier", "anna"), ("Anna Meier | Peter Meier", "meier", "anna"), ("Anna u. Peter Meier", "meier", "anna"),
        ("Familie Müller", "muller", None), ("Fam. Müller", "muller", None), ("The Smith Family", "smith", None), ("Eheleute Meier", "meier", None),
        ("Famille Dupont", "dupont", None), ("张三/李四", "张", "三"), ("王建国、李梅", "王", "建国"),
        ("王建国 李梅", "王", "建国"), ("王建国和李梅", "王", "建国"),
        ("王建国&李梅", "王", "建国"), ("王建国;李梅", "王", "建国"), ("王建国夫妇", "王", "建国"), ("王先生/李女士", "王", None), ("李娜 王伟", "李", "娜"),
        ("王建国一家", "王", "建国"),
    ],
)  # fmt: skip
def test_of_several_people_the_first_is_taken_and_the_rest_told(
    text: str, family: str, given: str | None
) -> None:
    found = name(text)
    assert (found["family"], found["given"], found["status"], found["reason"]) == (
        family,
        given,
        "suspicious",
        "several_people",
    )


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("XU/ZHENJING", "xu", "zhenjing"), ("Richter/Peter", "richter", "peter"), ("SMITH/JOHN MR", "smith", "john"), ("SMITH/JOHN PAUL", "smith", "john"),
        ("DUAN/LI", "duan", "li"),
    ],
)  # fmt: skip
def test_a_slash_of_a_ticket_parts_surname_and_given_name(text: str, family: str, given: str) -> None:
    found = name(text)
    assert (found["family"], found["given"], found["status"]) == (family, given, "valid")


def test_several_in_the_column_of_given_names() -> None:
    found = name(None, "Smith", "John & Mary")
    assert (found["family"], found["given"], found["reason"]) == ("smith", "john", "several_people")


@pytest.mark.parametrize(
    "text",
    ["José Ortega y Gasset", "Raju a/l Muthu", "Anna-Maria Meier", "Andy Lau", "田中 太郎", "李晶 晶", "欧阳 娜娜",
     "Ed Andersson", "王和平", "Santiago Ramón y Cajal"],
)  # fmt: skip
def test_one_person_is_not_taken_for_two(text: str) -> None:
    assert name(text)["reason"] != "several_people"


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("محمد علي حداد", "Mohammed Ali Haddad"), ("أحمد محمود", "Ahmed Mahmoud"), ("عبد الرحمن الحداد", "Abdulrahman Al-Haddad"),
        ("عبدالرحمن الحداد", "Abdulrahman Al Haddad"), ("عبد الله سالم", "Abdullah Salem"), ("نور الدين زنكي", "Noureldin Zanki"),
        ("يوسف إبراهيم", "Youssef Ibrahim"), ("مُحَمَّد عَلِي", "Mohammed Ali"), ("فاطمة الزهراء", "Fatima Al-Zahra"), ("علی کریم", "Ali Karim"),
        ("مصطفى خوري", "Mustafa Khoury"), ("أبو بكر حسن", "Abu Bakr Hassan"),
    ],
)  # fmt: skip
def test_arabic_script_meets_its_latin_form(arabic: str, latin: str) -> None:
    found, other = name(arabic), name(latin)
    assert (found["family_latin"], found["given_latin"], found["middle"]) == (
        other["family_latin"],
        other["given_latin"],
        other["middle"],
    )
    assert found["shown"] == arabic  # people read it as it was written


def test_an_arabic_name_that_no_table_has_is_spelled_with_vowels() -> None:
    found = name("كاظم الساهر")
    assert (found["given_latin"], found["family_latin"], found["status"]) == ("kazam", "alsahar", "valid")


@pytest.mark.parametrize(
    ("japanese", "latin"),
    [
        ("田中 太郎", "Taro Tanaka"), ("田中太郎", "Taro Tanaka"), ("たなか たろう", "Taro Tanaka"),
        ("タナカ タロウ", "TANAKA Taro"), ("ﾀﾅｶ ﾀﾛｳ", "Taro Tanaka"),
        ("佐藤健", "Ken Sato"), ("鈴木 一郎", "Ichiro Suzuki"), ("山本 花子", "Hanako Yamamoto"),
        ("渡邊 美咲", "Misaki Watanabe"), ("高橋 健太", "Kenta Takahashi"),
        ("さとう しょうた", "Shota Sato"), ("きむら きょうこ", "Kyoko Kimura"), ("はっとり じゅん", "Jun Hattori"), ("ジョン・スミス", "Jon Sumisu"),
        ("田中 たろう", "Taro Tanaka"), ("小林 直樹", "Naoki Kobayashi"),
    ],
)  # fmt: skip
def test_japanese_names_sound_as_in_japan(japanese: str, latin: str) -> None:
    found, other = name(japanese), name(latin)
    assert (found["family_latin"], found["given_latin"]) == (other["family_latin"], other["given_latin"])


def test_kana_in_columns_of_their_own_and_a_name_that_no_table_has() -> None:
    found = name(None, "タナカ", "タロウ")
    assert (found["family_latin"], found["given_latin"]) == ("tanaka", "taro")
    assert name("田中 曌")["given_latin"] == "zhao"  # better than nothing: equal characters still meet
    assert name("田中华")["family_latin"] == "tian"
