"""The officer's page: who looked at personal data, when, why and at how many rows, and whether the log is as it was written."""

from __future__ import annotations

from pipelines.command.access import log_findings
from pipelines.desk.desk import Call, Desk
from pipelines.desk.pages import fill_for
from pipelines.privacy.access_log import read_log

MOST_SHOWN = 200


def show_accesses(desk: Desk, call: Call) -> str:
    """The newest accesses, each with how it ended."""
    lines = read_log(desk.settings.home)
    findings = log_findings(desk.settings, desk.keys())
    ends = {line.get("of"): line for line in lines if line.get("action") == "end"}
    begun = [line for line in lines if line.get("action") != "end"]
    shown = [
        {"role": "", "name": "", "purpose": "", **line, "end": ends.get(line.get("number"), {})}
        for line in begun[-MOST_SHOWN:]
    ]
    return fill_for(
        call.session,
        "officer.html",
        place="accesses",
        version=desk.version(),
        lines=shown[::-1],
        findings=findings,
        count=len(begun),
    )
