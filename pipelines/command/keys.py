"""What `ucv keys` tells: periods, what each opens, and how a rotation went."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines.command.rotate import rotate
from pipelines.command.rotate_files import opening_periods
from pipelines.errors import UcvError
from pipelines.privacy.roles import role_key
from pipelines.settings import Settings
from pipelines.storage.key_document import print_of
from pipelines.storage.key_period import backups_by_period, is_changing
from pipelines.storage.key_source import read_document, told_source, write_document, write_secret
from pipelines.storage.keys import load_keys
from pipelines.storage.prepared import prepared_files


def show_keys(settings: Settings, console: Console) -> bool:
    """A line per period. False when a file opens with no key that there is."""
    keys, document = load_keys(settings), read_document(settings)
    files: dict[int | None, int] = defaultdict(int)
    size: dict[int | None, int] = defaultdict(int)
    shut: list[Path] = []
    for work, period in opening_periods(settings, keys):
        files[period] += 1
        size[period] += work.path.stat().st_size
        shut += [work.path] if period is None else []
    backups = backups_by_period(settings.home)
    table = Table(box=None, pad_edge=False)
    for name in ("period", "since", "print", "", "files here", "bytes", "backups"):
        table.add_column(name, justify="right" if name in ("files here", "bytes", "backups") else "left")
    for number, one in document.periods.items():
        state = "in force" if number == keys.period else "waits" if number > keys.period else "earlier"
        told = (f"{files[number]:,}", f"{size[number]:,}", f"{len(backups.get(number, [])):,}")
        table.add_row(str(number), one.since[:10] or "unknown", print_of(one.secret), state, *told)
    console.print(f"Keys come from {told_source(settings)}.", highlight=False, soft_wrap=True)
    console.print(table, highlight=False)
    _tell_more(settings, console, {*backups} - {*document.periods})
    for path in shut:
        console.print(f"{path} opens with none of these keys.", style="red", highlight=False, soft_wrap=True)
    return not shut


def _tell_more(settings: Settings, console: Console, lost: set[int]) -> None:
    if is_changing(settings.home) or prepared_files(settings.home):
        console.print("A rotation was cut short: `ucv keys rotate` goes on with it.", style="yellow")
    for number in sorted(lost):
        console.print(
            f"Backups of period {number} open only with a copy of the key document that holds that period.",
            style="yellow",
        )


def show_rotation(settings: Settings, console: Console) -> None:
    """Rotate, with a word on what is done now and what to do next."""
    with console.status("Beginning", spinner="line") as status:
        done = rotate(settings, lambda step: status.update(step.capitalize()))
    resumed = f", {done.resumed:,} of them by the call that was cut short" if done.resumed else ""
    console.print(
        f"Period {done.before} -> {done.after}: {done.files:,} files, {done.size:,} bytes written anew{resumed}. Back up the key "
        f"document ({told_source(settings)}) now; backups made before need the key of period {done.before}, which stays in it "
        f"until `ucv keys forget {done.before}`. Role keys changed, too: hand them out again with `ucv keys role`.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def write_role_key(settings: Settings, role: str, output: Path, console: Console) -> None:
    """A role's key in a file of its own."""
    if output.exists():
        raise UcvError(f"{output} exists; choose another name, a key file is never overwritten.")
    key = role_key(load_keys(settings), role)
    write_secret(output, key.to_json())
    console.print(
        f"{output} opens the files of {role} of period {key.period}: `ucv query --role {role} --key {output}`, or UCV_ROLE_KEY_FILE. "
        "After `ucv keys rotate` it opens none.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def write_next(settings: Settings, output: Path, console: Console) -> None:
    """The key document with one more period, in a file of its own."""
    if output.exists():
        raise UcvError(f"{output} exists; choose another name, a key file is never overwritten.")
    load_keys(settings)
    document = read_document(settings).with_new_period()
    write_document(output, document)
    console.print(
        f"{output} holds the keys of period {', '.join(map(str, document.periods))}. Put it where the keys come from "
        f"({told_source(settings)}), remove the file, then `ucv keys rotate`.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
