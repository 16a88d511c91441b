"""Keys come from the environment, a command or a 0600 file; a wrong one is told without a word of it."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.settings import Settings, load_settings
from pipelines.storage.home import create_home
from pipelines.storage.key_document import new_document, parse_document
from pipelines.storage.keys import Keys, load_keys


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return create_home(tmp_path / "home")


def away(home: Settings) -> str:
    """Take the key file away; its text."""
    text = home.key_path.read_text(encoding="utf-8")
    home.key_path.unlink()
    return text


def test_the_environment_may_hold_the_document(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = load_keys(home)
    monkeypatch.setenv("UCV_KEYS", away(home))
    assert load_keys(home) == keys


def test_a_command_may_print_the_document(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = load_keys(home)
    (tmp_path / "vault.json").write_text(away(home))
    monkeypatch.setenv("UCV_KEY_COMMAND", f"cat {tmp_path}/vault.json")
    assert load_keys(load_settings(home.home)) == keys


def test_a_home_that_came_from_elsewhere_runs_no_command(home: Settings, tmp_path: Path) -> None:
    with (home.home / "ucv.toml").open("a") as file:
        file.write(f'key_command = "touch {tmp_path}/run"\n')
    with pytest.raises(SettingsError, match=r"set UCV_KEY_COMMAND\. Nothing was run"):
        load_keys(load_settings(home.home))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-vault-client", "could not be run"),
        (
            f"{sys.executable} -c 'import sys; print(11111*11111, file=sys.stderr); sys.exit(3)'",
            "exit code 3 and 0 bytes",
        ),
        (f"{sys.executable} -c 'print(11111*11111)'", "received 10 characters"),
    ],
)
def test_a_command_that_gives_no_key_is_told(home: Settings, command: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as raised:
        load_keys(home.model_copy(update={"key_command": command}))
    assert "123454321" not in str(raised.value), "what a command says may be a secret"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_file_that_others_can_read_is_refused(home: Settings, mode: int) -> None:
    home.key_path.chmod(mode)
    with pytest.raises(SettingsError, match=f"has mode {mode:04o}.*expected 0600"):
        load_keys(home)


def test_a_fresh_key_file_is_for_its_owner_alone(home: Settings) -> None:
    assert home.key_path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("spoil", ["no json", "no periods", "short", "list"])
def test_what_is_no_key_document_is_told_without_its_text(home: Settings, spoil: str) -> None:
    stored = json.loads(home.key_path.read_text())
    secret = stored["periods"]["1"]["secret"]
    texts = {
        "no json": secret,
        "no periods": json.dumps({**stored, "periods": {}}),
        "short": json.dumps({**stored, "periods": {"1": {"secret": secret[:20], "since": ""}}}),
        "list": json.dumps([secret]),
    }
    home.key_path.write_text(texts[spoil])
    with pytest.raises(SettingsError, match="cannot be used") as raised:
        load_keys(home)
    assert secret[:12] not in str(raised.value)


def test_another_home_s_key_and_another_period_s_are_told_apart(home: Settings) -> None:
    stored = json.loads(home.key_path.read_text())
    home.key_path.write_text(new_document("home-elsewhere").to_json())
    with pytest.raises(SettingsError, match="received keys of home 'home-elsewhere', expected those of"):
        load_keys(home)
    swapped = {**stored, "periods": {"1": {**stored["periods"]["1"], "secret": stored["identity"]["secret"]}}}
    home.key_path.write_text(json.dumps(swapped))
    with pytest.raises(
        SettingsError, match=r"received a key of period 1 with print [0-9a-f]{16}, expected [0-9a-f]{16}"
    ):
        load_keys(home)
    later = {**stored, "periods": {"3": stored["periods"]["1"]}}
    home.key_path.write_text(json.dumps(later))
    with pytest.raises(SettingsError, match=r"written with the key of period 1; .* holds period 3\."):
        load_keys(home)
    other = {**stored, "identity": {**stored["identity"], "secret": stored["periods"]["1"]["secret"]}}
    home.key_path.write_text(json.dumps(other))
    with pytest.raises(SettingsError, match="is not the one that"):
        load_keys(home)


def test_a_key_file_of_november_opens_what_it_opened_and_names_whom_it_named() -> None:
    master = bytes(range(32))
    document = parse_document(json.dumps({"home_id": "x", "master": base64.b64encode(master).decode()}))
    before = Keys("x", master)
    now = Keys("x", document.periods[1].secret, 1, document.identity)
    again = parse_document(document.with_new_period().without(1).to_json())
    later = Keys("x", again.periods[2].secret, 2, again.identity)
    assert now.duckdb_key("warehouse") == before.duckdb_key("warehouse") != later.duckdb_key("warehouse")
    for keys in (now, later):
        assert keys.tokeniser()("a") == before.tokeniser()("a")
        assert keys.peppered(1)("a") == before.peppered(1)("a")
        assert keys.lasting_print() == before.lasting_print()
    assert base64.b64encode(master).decode() not in again.to_json()


def test_logins_in_the_key_file_outlive_a_new_period() -> None:
    document = parse_document(
        json.dumps({**json.loads(new_document("x").to_json()), "sources": {"crm": {"user": "u"}}})
    )
    assert parse_document(document.with_new_period().to_json()).rest == {"sources": {"crm": {"user": "u"}}}


def test_no_key_shows_in_what_is_printed_of_keys() -> None:
    document = new_document("x")
    shown = repr(document) + repr(Keys("x", document.periods[1].secret, 1, document.identity))
    assert repr(document.periods[1].secret) not in shown
    assert repr(document.identity.secret) not in shown
