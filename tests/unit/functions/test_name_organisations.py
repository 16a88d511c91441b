"""Organisations in a column of people's names are told from people, in capitals or not, in any script."""

from __future__ import annotations

import pytest

from pipelines.functions.name import standardise_name
from pipelines.functions.text import tidy

FIRMS = [
    "Müller GmbH", "MÜLLER GMBH", "NORDWINDT AG", "Nordwindt AG", "BREMBATI S.P.A.", "Brembati S.p.A.", "Brembati SpA", "KESTRELL HOLDING GMBH",
    "235 VAN DUREN LLC",
    "Abernathy & Sons Ltd.", "Abernathy & Sons", "Smith and Sons", "Meier & Co. KG", "Meier & Co", "Meier GmbH & Co. KG", "Meier e.K.",
    "Turnverein Kiel e.V.",
    "Acme Inc", "Acme, Inc.", "ACME CORP.", "Acme Corporation", "Acme Co., Ltd.", "Acme Company", "Acme Holdings", "Acme Group", "Acme Pty Ltd",
    "Acme Pte. Ltd.",
    "Acme Sdn. Bhd.", "Acme B.V.", "Acme BV", "De Vries Bouw B.V.", "Dupont S.A.R.L.", "Dupont SARL", "DUPONT SA", "Dupont S.A.", "Dupont et Fils",
    "SARL Dupont", "SAS Dupont",
    "Rossi S.r.l.", "Rossi & Figli", "García e Hijos", "García y Hijos S.L.", "Bianchi Srl", "Nokia Oyj", "Kone Oy", "Equinor ASA", "Volvo AB",
    "Novo A/S", "Kowalski sp. z o.o.",
    "Novák s.r.o.", "Nagy Kft", "ООО Ромашка", "OOO Romashka", "PT Maju Jaya", "Stichting Natuur", "Praxis Dr. Anna Kehl", "Kanzlei Dr. Meier",
    "Firma Meier", "Gebr. Meier",
    "Universität Kiel", "University of Leeds", "City of York", "Ministry of Health", "Hotel Adler", "Stadtwerke Kiel GmbH", "Harbour Logistics Ltd",
    "Smith Consulting",
    "Bright Solutions", "Smith & Partners", "Apotheke am Markt Meier GmbH", "Smith Associates", "Restaurant Sonne GmbH", "acme gmbh", "acme llc",
    "杭州云杉岭贸易有限公司", "南京華盛科技股份有限公司", "华盛集团", "中国工商银行北京朝阳支行", "招商银行", "北京大学", "南京市第一医院",
    "苏州工业园区小李便利店", "阿里巴巴（中国）有限公司",
    "3M中国有限公司", "ABC贸易有限公司", "张家饭店", "南京机床厂", "王记经营部", "李娜工作室", "南京市税务局", "红星幼儿园", "北京大成律师事务所",
    "トヨタ自動車株式会社", "株式会社日立製作所",
    "南京华盛科技有限公司上海分公司", "优衣库官方旗舰店", "小李便利店", "海南香蕉种植专业合作社",
]  # fmt: skip
PEOPLE = [
    "ALVARADO, ELIZABETH", "MICHAEL L COOMBES", "Jill P. Meyerhoff", "Smith, S.A.", "Smith, J.", "John Smith", "Anna Bank", "John Church", "Anna Hall",
    "Bishop School",
    "Kim Se", "WANG SE", "NG AB", "Anders As", "Lim Co", "Co Tran", "Sa Nguyen", "Maria Sa", "Anna de Sá", "Jean-Marc Sas", "Peter Ag", "Ana Grup",
    "José Ortega y Gasset", "John & Mary Smith", "Mr & Mrs Smith", "Eva Fils", "Dr. Anna Kehl", "Pt Wong", "Ann Limb", "Erik Spahn", "Max Holdinger",
    "王建国", "欧阳建国", "李大学", "王中心", "张医院", "刘行", "王建国（车队）", "王建国 南京分公司", "阿里木·买买提", "买买提阿里木", "司徒学社",
    "王厂长", "李局长", "张校长", "赵会计",
    "田中太郎", "陈公司", "爱新觉罗·溥仪", "扎西次仁", "Иванов Иван Иванович", "Anna-Maria von der Gesellen",
]  # fmt: skip


@pytest.mark.parametrize("text", FIRMS)
def test_a_firm_is_shown_as_written_and_is_nobody(text: str) -> None:
    found = standardise_name(text, None, None, None, None)
    assert found is not None
    assert (found["organisation"], found["reason"]) == (tidy(text), "organisation")
    assert (found["family"], found["given"], found["shown"], found["tokens"], found["full_key"]) == (
        None,
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_stays_a_person(text: str) -> None:
    found = standardise_name(text, None, None, None, None)
    assert found is not None
    assert found["organisation"] is None
    assert found["family"] or found["given"]


def test_a_firm_in_the_column_of_surnames_alone() -> None:
    found = standardise_name(None, "Abernathy & Sons Ltd.", None, None, None)
    assert found is not None
    assert found["organisation"] == "Abernathy & Sons Ltd."
    found = standardise_name(None, "Limited", "Anna", None, None)
    assert found is not None
    assert found["organisation"] is None
