"""Reads one YAML file into plain values with the line of each; says nothing about what the values mean.

Refused: more than 1 MB, another encoding than UTF-8, anchors (a few lines of them can unfold to gigabytes).
"""

from __future__ import annotations

from pathlib import Path

import yaml

from pipelines.contracts.plain_values import MAX_DEPTH, build
from pipelines.contracts.problems import Findings

MAX_BYTES = 1_000_000

_ANCHOR = "anchor or alias"
_KEYS = "keys such as id, name, servers, schema"
_START = "Fill it in, or start from `ucv contract new`"


class _NoAliasLoader(yaml.SafeLoader):
    """SafeLoader that refuses anchors while composing, before anything could unfold."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(problem=_ANCHOR, problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def read_document(path: Path, keys: str = _KEYS, start: str = _START) -> tuple[dict[str, object], Findings]:
    """The top mapping (empty if unreadable) and the findings so far; a broken file never raises.

    `keys` and `start` tell what an empty file should hold, and how to begin one.
    """
    findings = Findings(path)
    text = _read_text(path, findings)
    root = None if text is None else _compose(text, findings, start)
    if root is None:
        return {}, findings
    values = build(root, (), findings)
    if not isinstance(values, dict) or not values:
        received = "an empty mapping" if values == {} else "a document that is no mapping"
        findings.add((), received, keys, start)
        return {}, findings
    identity = values.get("id")
    if isinstance(identity, str) and 0 < len(identity) <= 64 and identity.isprintable():
        findings.source_id = identity
    return values, findings


def _read_text(path: Path, findings: Findings) -> str | None:
    expected = "a YAML file in UTF-8 of at most 1 MB"
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except IsADirectoryError:
        remedy = "Move or rename the directory; one file per source belongs here"
        findings.add((), "a directory", expected, remedy)
        return None
    except OSError as error:
        remedy = "Check that the file exists and its permissions"
        findings.add((), f"a file that cannot be opened ({type(error).__name__})", expected, remedy)
        return None
    if len(content) > MAX_BYTES:
        remedy = "Keep data out of the contract; it describes one source"
        findings.add((), "a file of more than 1 MB", expected, remedy)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add((), f"a byte that is not UTF-8 at position {error.start}", expected, "Save it as UTF-8")
        return None


def _compose(text: str, findings: Findings, start: str) -> yaml.Node | None:
    try:
        root = yaml.compose(text, Loader=_NoAliasLoader)
    except RecursionError:
        findings.add((), "values nested too deeply", f"at most {MAX_DEPTH} levels", "Flatten the file")
        return None
    except (yaml.YAMLError, ValueError) as error:
        # PyYAML lets a ValueError out for escapes beyond Unicode, such as "\UFFFFFFFF".
        _tell_syntax(error, findings)
        return None
    if root is None:
        findings.add((), "an empty file", "a mapping", start)
    return root


def _tell_syntax(error: yaml.YAMLError | ValueError, findings: Findings) -> None:
    """Say where the file stops being YAML; the parser's words only if too short to quote the file."""
    mark = getattr(error, "problem_mark", None)
    where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    what = str(getattr(error, "problem", None) or "")
    if what == _ANCHOR:
        remedy = "Repeat the value in place of the alias"
        findings.add((), f"an anchor or alias (& or *){where}", "values written out", remedy)
    else:
        hint = what if 0 < len(what) <= 80 else "check quotes, colons and indentation"
        findings.add((), f"text that is no YAML{where}", "valid YAML", f"Mend the line ({hint})")
