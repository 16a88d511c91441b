"""Deliveries of registrations, judged as those of a night are."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from delivery_home import Home
from typer.testing import CliRunner

from pipelines.assets.delivery_checks import DeliveryJudge
from pipelines.cli import app
from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.acceptance import read_acceptances
from pipelines.ingest.manifests import list_deliveries
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.source import ingest_source
from pipelines.quality.results import CheckResult, Figure

MORE = """
      - {name: email, logicalType: string, classification: pii}
      - {name: gender, logicalType: string}
      - {name: province, logicalType: string}
      - {name: form_version, logicalType: string}
      - {name: consent_marketing, logicalType: boolean}"""
HEADER = "no,姓名,手机,time,email,gender,province,form_version,consent_marketing\n"
START = datetime(2026, 2, 2, 1, tzinfo=UTC)  # a Monday
FAIL = "{metric: rowCount, mustBeGreaterThan: 20, severity: error}"


def rows(first: int, count: int, **changed: str) -> str:
    lines = []
    for n in range(first, first + count):
        row = {
            "no": f"r{n}", "姓名": "王伟", "手机": f"139{n:04d}{(n * 7919) % 10_000:04d}", "time": "2026-02-01 10:00:00",
            "email": f"wangwei{n}@qq.com", "gender": "男" if n % 2 else "女", "province": "广东省" if n % 4 else "四川省",
            "form_version": "secret form" if n % 3 else "v2", "consent_marketing": "true" if n % 5 else "false",
        }  # fmt: skip
        lines.append(",".join((row | changed).values()))
    return HEADER + "\n".join(lines) + "\n"


def take(home: Home, contract: Contract, night: int = 0) -> tuple[DeliveryReport, dict[str, CheckResult]]:
    """What became of the one file that is new, and the results of the source's checks."""
    judge = DeliveryJudge(home.settings, home.keys, read_acceptances(home.root))
    moment = (START + timedelta(days=night)).replace(tzinfo=None)
    reports = ingest_source(contract, home.settings, home.keys, moment, None, judge).deliveries
    new = [one for one in reports if one.status != "known"]
    return new[-1] if new else reports[-1], {
        one.name: one for one in judge.results_of(contract.id, contract.kind)
    }


def deliver(home: Home, source: str, night: int, text: str) -> None:
    path = home.landing(source) / f"{night:03d}.csv"
    path.write_text(text, "utf-8")
    os.utime(path, ((START + timedelta(days=night)).timestamp(),) * 2)


def source(home: Home, quality: str = "", name: str = "web") -> Contract:
    contract = home.source(name, more=MORE)
    text = contract.path.read_text("utf-8").replace(
        "    logicalType: object", f"    logicalType: object\n    quality: [{quality}]"
    )
    contract.path.write_text(text, "utf-8")
    return load_contract(contract.path, home.root)


def figures(result: CheckResult) -> dict[tuple[str, str], Figure]:
    return {(one.subject, one.measure): one for one in result.figures}


def profile(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = list_deliveries(home.root)[-1]["profile"]
    return found


def accept(home: Home, *words: str) -> tuple[int, str]:
    given = ["accept-delivery", *words, "--home", str(home.root)]
    ended = CliRunner().invoke(app, given, env={"COLUMNS": "300"}, catch_exceptions=True)
    return ended.exit_code, f"{ended.output}{ended.exception or ''}"
