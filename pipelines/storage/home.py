"""Making a home: the folders, its settings file with an id, and the key file that the id names."""

from __future__ import annotations

import secrets
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.settings import HOME_FILE, Settings, load_settings
from pipelines.storage.home_version import HOME_VERSION, refuse_newer, write_home_version
from pipelines.storage.keys import create_key_file

FOLDERS = ("contracts", "landing", "raw", "quarantine", "warehouse", "state", "exports", "docs", "dagster")

_HOME_TEXT = """\
# Settings of this home; every UCV_* environment variable wins over its line here.
home_id = "{home_id}"            # names the key file: ucv/{home_id}.json in the user's configuration directory
# time_zone = "Asia/Shanghai"    # of the schedule and of 'today'
# schedule = "30 2 * * *"        # the nightly run, in time_zone
# k_anonymity = 5                # customers for whom each combination in the marketing file stands, at least
# require_purpose = false        # whether nothing personal is shown without --purpose
# keep_versions = 5              # published versions kept for rollback
# keep_reports = 30              # data docs of so many newest runs, and those of kept versions
# keep_runs_days = 90            # days for which Dagster's record of a run is kept
# memory_limit = "6GB"           # of one process, DuckDB included
# decoy_domain = "mail.example"  # a domain whose every mailbox is yours: decoys of exports by e-mail
# decoy_phones = ["+8613800000000"]   # your own numbers and, in decoy_addresses, addresses for decoys by phone and post
#
# [[alerts]]                     # at the end of this file, as often as wanted: who hears of checks that turn red or green
# url = "https://host/path"      # or url_env = "NAME", the variable that holds a secret address
# form = "slack"                 # or json, the whole event
# owners = ["data steward"]      # whose checks; none: everybody's
# severity = "warn"              # the least that counts: info, warn, fail
"""

_DAGSTER_TEXT = """\
# One run at a time: a DuckDB file has one writer.
concurrency:
  runs:
    max_concurrent_runs: 1
telemetry:
  enabled: false
# No form that asks for an e-mail address before the first page can be read.
nux:
  enabled: false
freshness:
  enabled: true
# A run whose process died is started once more: a night from the beginning, a build where it ended. A gate that failed
# would only fail again, so a failed step is no reason.
run_retries:
  enabled: true
  max_retries: 1
  retry_on_asset_or_op_failure: false
# A run whose process died without a word (power cut) is found and ended, so that the queue goes on.
run_monitoring:
  enabled: true
"""

_EVENT_STORE_TEXT = """\
# Dagster's events in the same SQLite files as by default, with connections that stay open. PostgreSQL instead: remove these
# three lines and write a `storage: postgres:` block.
event_log_storage:
  module: pipelines.assets.event_store
  class: HomeEventLogStorage
"""
_STORES = ("storage", "run_storage", "event_log_storage", "schedule_storage", "local_artifact_storage")


def create_home(root: Path) -> Settings:
    """Make `root` an initialised home unless it is one already; nothing that exists is overwritten.

    Raises SettingsError when the folder cannot be written, `ucv.toml` is there without a home_id, or a later release wrote it.
    """
    root = root.expanduser().resolve()
    refuse_newer(root)
    try:
        make_folders(root)
        home_file = root / HOME_FILE
        if not home_file.exists():
            if not any(
                (root / "raw").iterdir()
            ):  # what lies in a home without settings may be of any release
                write_home_version(root, HOME_VERSION)
            home_file.write_text(_HOME_TEXT.format(home_id=f"home-{secrets.token_hex(6)}"), encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"{root} cannot be made a home ({error.strerror}); choose a folder that is writable."
        ) from error
    settings = load_settings(root)
    if not settings.home_id:
        raise SettingsError(f'{home_file} has no home_id; add a line such as home_id = "my-home".')
    create_key_file(settings)
    return settings


def make_folders(root: Path) -> None:
    """Every folder of a home and its Dagster instance, where they are not there yet. Raises OSError."""
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    ensure_instance(root)


def ensure_instance(root: Path) -> None:
    """The folder and settings of the home's own Dagster instance; a home that names no store of events gets ours."""
    instance_file = root / "dagster" / "dagster.yaml"
    instance_file.parent.mkdir(parents=True, exist_ok=True)
    if not instance_file.exists():
        instance_file.write_text(_DAGSTER_TEXT + _EVENT_STORE_TEXT, encoding="utf-8")
        return
    text = instance_file.read_text(encoding="utf-8")
    if not any(line.startswith(f"{name}:") for line in text.splitlines() for name in _STORES):
        half = instance_file.with_suffix(".half")
        half.write_text(f"{text.rstrip()}\n{_EVENT_STORE_TEXT}", encoding="utf-8")
        half.replace(instance_file)
