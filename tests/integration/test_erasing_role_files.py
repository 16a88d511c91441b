"""Who is erased leaves the files of roles with the version, and the version stays whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from erasure_home import FATHER, MOTHER, customer, first, home

from pipelines.command.erase import erase
from pipelines.command.role_query import query_role
from pipelines.command.verify import verify
from pipelines.privacy.role_files import RoleFiles
from pipelines.publishing.query import QueryError
from pipelines.publishing.version import current_version
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

__all__ = ["first", "home"]

COUNT = "SELECT count(*) FROM customers"


class KillError(BaseException):
    """As if the process had died."""


def sees(settings: Settings, role: str) -> int:
    ((count,),) = query_role(settings, role, COUNT).rows
    return int(count)


def erase_father(settings: Settings) -> None:
    erase(
        settings,
        load_keys(settings),
        ["web:w-father"],
        by="officer",
        reason="request 1",
        now=datetime.now(UTC),
    )


def test_he_is_in_no_file_of_a_role_any_more(home: Settings) -> None:
    gone = customer(home, "web:w-father")
    before = {role: sees(home, role) for role in ("steward", "officer")}
    assert [*query_role(home, "service", COUNT, customer=FATHER["email"]).rows] == [(1,)]
    erase_father(home)
    assert {role: sees(home, role) for role in before} == {role: count - 1 for role, count in before.items()}
    assert sees(home, "marketing") == sees(home, "steward")
    for asked in (FATHER["email"], gone):
        with pytest.raises(QueryError, match="Nobody has this"):
            query_role(home, "service", COUNT, customer=asked)
    assert [*query_role(home, "service", COUNT, customer=MOTHER["email"]).rows] == [(1,)]
    assert verify(home, load_keys(home), repair=False) == []


def test_a_kill_between_the_version_and_the_files_of_roles_is_finished(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_files: RoleFiles, _folder: Path) -> None:
        raise KillError

    monkeypatch.setattr(RoleFiles, "write", die)
    with pytest.raises(KillError):
        erase_father(home)
    monkeypatch.undo()
    monkeypatch.setenv("UCV_HOME", str(home.home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home.home.parent / "config"))
    assert verify(home, load_keys(home, to_erase=True), repair=False), "half erased counts as damaged"
    erase(home, load_keys(home, to_erase=True), [], by="officer", reason="go on", now=datetime.now(UTC))
    with pytest.raises(QueryError, match="Nobody has this"):
        query_role(home, "service", COUNT, customer=FATHER["email"])
    assert current_version(home.home)
    assert verify(home, load_keys(home), repair=False) == []
