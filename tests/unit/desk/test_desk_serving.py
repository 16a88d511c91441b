"""`ucv desk` starts only where it can serve: its own port on loopback, the right key, a published version."""

from __future__ import annotations

import io
import re
import socket
from pathlib import Path

import pytest
from rich.console import Console
from small_desk import small_desk

from pipelines.cli import main
from pipelines.desk.desk import Desk, Holder, StaleError, stamp_of
from pipelines.desk.serve import LOOPBACK, check_key, listening, on_each_line, serve_desk, tell_links
from pipelines.errors import PublishError, SettingsError, UcvError
from pipelines.privacy.roles import role_key
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return small_desk(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """What should have been refused must not serve for ever."""
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)


def test_the_desk_listens_on_loopback_alone_and_tells_a_port_in_use() -> None:
    with listening(0) as first:
        address, port = first.getsockname()
        assert address == LOOPBACK == "127.0.0.1"
        with pytest.raises(SettingsError, match=f"Port {port} of 127.0.0.1 cannot be used"):
            listening(port)


def test_the_wrong_role_s_key_is_told_before_a_link_is_printed(desk: Desk, tmp_path: Path) -> None:
    keys = load_keys(desk.settings)
    other = load_keys(create_home(tmp_path / "other"))
    for key, told in (
        (role_key(keys, "marketing").to_json(), "Received the key of marketing"),
        (role_key(other, "service").to_json(), "expected the one of service"),
        ("{}", "cannot be used"),
    ):
        path = tmp_path / "role.json"
        path.write_text(key)
        path.chmod(0o600)
        text = io.StringIO()
        with pytest.raises(SettingsError, match=told):
            serve_desk(Desk(desk.settings, path), 0, ["service"], ["li"], Console(file=text))
        assert text.getvalue() == ""


@pytest.mark.parametrize("role", ["steward", "marketing", "officer"])
def test_a_role_s_key_does_not_open_rooms_that_work_on_the_whole_version(
    desk: Desk, tmp_path: Path, role: str
) -> None:
    with pytest.raises(SettingsError, match="Expected the home's keys"):
        check_key(Desk(desk.settings, tmp_path / "key.json"), role)


def test_no_key_and_no_version_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    with pytest.raises(PublishError, match=r"Nothing is published .*`ucv run`"):
        serve_desk(Desk(settings), 0, ["steward"], ["li"], Console(file=io.StringIO()))
    settings.key_path.unlink()
    with pytest.raises(UcvError, match="key"):
        serve_desk(Desk(settings), 0, ["steward"], ["li"], Console(file=io.StringIO()))
    with pytest.raises(UcvError, match="no role 'boss'"):
        serve_desk(Desk(settings), 0, ["boss"], ["li"], Console(file=io.StringIO()))


def test_what_is_held_goes_when_its_file_is_written_anew_or_the_switch_turns(tmp_path: Path) -> None:
    """An erasure rewrites a version under its own name: nobody may be shown what was held before it."""
    path = tmp_path / "file"
    path.write_text("1")
    current = ["v1"]
    held: Holder[str] = Holder(lambda: stamp_of(current[0], path), lambda: current[0] + path.read_text())
    assert [held.now(), held.now()] == [("v1", "v11")] * 2
    (tmp_path / "new").write_text("2")
    (tmp_path / "new").replace(path)
    assert held.now() == ("v1", "v12")
    current[0] = "v2"
    assert held.now() == ("v2", "v22")
    path.unlink()
    with pytest.raises(OSError, match="No such file"):  # opening it tells
        held.now()
    with pytest.raises(StaleError, match="is gone"):
        stamp_of("v2", path)


def test_a_switch_while_a_version_is_opened_is_opened_anew() -> None:
    current = ["v1"]

    def make() -> str:
        made = current[0]
        if made == "v1":
            current[0] = "v2"
            raise SettingsError("v1 went away")
        return made

    assert Holder(lambda: (current[0], 1, 1), make).now() == ("v2", "v2")


def test_a_version_that_does_not_open_tells_why_and_not_that_versions_change() -> None:
    def make() -> str:
        raise SettingsError("the wrong key")

    with pytest.raises(SettingsError, match="the wrong key"):
        Holder(lambda: ("v1", 1, 1), make).now()


def test_each_role_and_steward_has_a_link_of_its_own_and_a_line_asks_for_new_ones(desk: Desk) -> None:
    text = io.StringIO()
    console = Console(file=text, width=200)
    on_each_line(
        ["\n", "\n"],
        lambda: tell_links(desk, "http://127.0.0.1:1", ["steward", "service"], ["li", "wang"], console),
    )
    links = re.findall(r"(\w+) \((\w+)\): http://127\.0\.0\.1:1/enter#(\S+)", text.getvalue())
    assert [link[:2] for link in links] == [
        ("steward", "li"),
        ("steward", "wang"),
        ("service", "li"),
        ("service", "wang"),
    ] * 2
    for role, name, token in links:
        session = desk.sessions.enter(token)[1]
        assert (session.role, session.name) == (role, name)


def test_the_command_ends_with_2_and_says_why(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(0) as taken:
        port = str(taken.getsockname()[1])
        for words, told in (
            (["--port", port], f"Port {port} of 127.0.0.1 cannot be used"),
            (["--role", "boss"], "no role 'boss'"),
            (["--role", "service", "--key", "/nowhere"], "Role key /nowhere cannot be used"),
            (["--role", "steward", "--key", "/nowhere"], "Expected the home's keys"),
        ):
            monkeypatch.setattr("sys.argv", ["ucv", "desk", "--home", str(desk.settings.home), *words])
            with pytest.raises(SystemExit) as ended:
                main()
            assert ended.value.code == 2
            assert told in capsys.readouterr().err
            assert "enter#" not in capsys.readouterr().out


def test_nothing_answers_on_another_address_of_the_machine() -> None:
    with listening(0) as first, socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", first.getsockname()[1]))
