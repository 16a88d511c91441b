"""Numbers and documents of invented people pass the checks of independent libraries."""

from __future__ import annotations

from datetime import date

import phonenumbers
import pytest
from stdnum.cn import uscc
from stdnum.es import dni
from stdnum.iso7064 import mod_11_2

from pipelines.demo.organisations import credit_code
from pipelines.demo.person import CHINESE, INTERNATIONAL, Person
from pipelines.demo.plan import make_block, make_world
from pipelines.demo.tables import divisions

AS_OF = date(2026, 3, 1)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    world = make_world(7, AS_OF)
    return [person for number in range(4) for person in make_block(number, 500, world).people]


def test_resident_ids_have_check_digit_birth_date_sex_and_a_real_district(people: list[Person]) -> None:
    districts = {division.code for division in divisions().items}
    for person in (one for one in people if one.group == CHINESE):
        number = person.national_id
        assert mod_11_2.is_valid(number)
        assert number[6:14] == f"{person.birth:%Y%m%d}"
        assert int(number[16]) % 2 == (person.sex == "M")
        assert number[:6] in districts


def test_spanish_ids_have_their_letter(people: list[Person]) -> None:
    spanish = [person for person in people if person.country == "ES"]
    assert spanish
    assert all(dni.is_valid(person.national_id) for person in spanish)


def test_mobile_numbers_are_valid_in_their_country_and_belong_to_one_person(people: list[Person]) -> None:
    owners: dict[str, set[str]] = {}
    for person in people:
        for phone in person.phones:
            number = phonenumbers.parse(phone.number)
            assert phonenumbers.is_valid_number(number), person.country
            assert phonenumbers.region_code_for_number(number) in {person.country, "CA"}
            if phone.private:
                owners.setdefault(phone.number, set()).add(person.id)
    assert all(len(ids) == 1 for ids in owners.values())


def test_mailboxes_belong_to_one_person(people: list[Person]) -> None:
    mailboxes = [email for person in people for email in person.emails]
    assert len(mailboxes) == len(set(mailboxes))
    assert all(email.isascii() and email.count("@") == 1 and " " not in email for email in mailboxes)


def test_credit_codes_have_both_check_characters() -> None:
    assert all(uscc.is_valid(credit_code("310115", f"MA{number:06d}")) for number in range(0, 5000, 37))


def test_seven_of_ten_people_are_chinese_and_the_others_come_from_eight_countries(
    people: list[Person],
) -> None:
    share = sum(person.group == CHINESE for person in people) / len(people)
    assert 0.65 <= share <= 0.75
    assert len({person.country for person in people if person.group == INTERNATIONAL}) == 8
    assert all(person.birth <= AS_OF.replace(year=AS_OF.year - 17) for person in people)


def test_different_people_share_a_name_and_some_of_them_a_city(people: list[Person]) -> None:
    named: dict[tuple[str, str], set[str]] = {}
    for person in people:
        city = person.stays[-1].home.city
        named.setdefault((person.family + person.given, city), set()).add(person.id)
    assert any(len(ids) > 1 for ids in named.values())
