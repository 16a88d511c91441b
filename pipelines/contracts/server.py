"""Where deliveries lie and how they are written: the `servers` of a contract."""

from __future__ import annotations

import itertools
from pathlib import Path, PurePosixPath, PureWindowsPath

from pipelines.contracts.customs import Customs, Node, mappings
from pipelines.contracts.model import Server
from pipelines.contracts.problems import Findings, Place, shown
from pipelines.contracts.server_remote import read_bucket, read_database

FORMATS = frozenset({"csv", "tsv", "jsonl", "xlsx", "parquet"})
COMPRESSIONS = frozenset({"gzip", "zip", "none"})
FORMATS_OF_OPTION = {
    "delimiter": frozenset({"csv", "tsv"}),
    "encoding": frozenset({"csv", "tsv", "jsonl"}),
    "sheet": frozenset({"xlsx"}),
    "headerRow": frozenset({"csv", "tsv", "xlsx"}),
    "member": frozenset({"csv", "tsv", "jsonl"}),
    "compression": FORMATS,
}
"""customProperties of a server -> the formats that they apply to."""

_LANDING = "landing"


def read_server(values: Node, home: Path, findings: Findings) -> Server | None:
    """The one server of a contract, or None with the findings that say why not."""
    servers = values.get("servers")
    if "servers" in values and not isinstance(servers, list):
        return None  # told by the standard's schema
    count = len(servers) if isinstance(servers, list) else 0
    if count != 1:
        remedy = "Keep one server; give each source a contract of its own"
        findings.add(("servers",), f"{count} servers", "exactly one server", remedy)
    for index, node in mappings(servers):
        place: Place = ("servers", index)
        match node.get("type"):
            case "local":
                path = node.get("path")
                if isinstance(path, str):
                    _check_path(path, (*place, "path"), home, findings)
                return _files(node, place, path, findings)
            case "s3":
                return read_bucket(node, place, _files(node, place, node.get("location"), findings), findings)
            case "postgres" | "postgresql":
                return read_database(node, place, values.get("schema"), findings)
            case str(kind):
                remedy = "Have the files delivered below landing/ and use type local"
                expected = "type local, s3 or postgres"
                findings.add((*place, "type"), f"not supported: {shown(kind)}", expected, remedy)
        return None
    return None


def _files(node: Node, place: Place, path: object, findings: Findings) -> Server | None:
    """How files are written, wherever they lie."""
    form = node.get("format")
    if isinstance(form, str) and form not in FORMATS:
        findings.unknown((*place, "format"), form, "a format that can be read", FORMATS)
    if not isinstance(path, str) or not isinstance(form, str) or form not in FORMATS:
        return None
    options = Customs(node, place, FORMATS_OF_OPTION, findings)
    for name, formats in FORMATS_OF_OPTION.items():
        if options.has(name) and form not in formats:
            findings.add(
                options.place(name),
                f"{name} with format {form}",
                f"{name} only with {_listed(formats)}",
                f"Remove {name}",
            )
    compression = options.choice("compression", COMPRESSIONS)
    return Server(
        path=path,
        format="csv" if form == "tsv" else form,
        encoding=_encoding(node, place, options, findings),
        delimiter=_delimiter(form, options, findings),
        sheet=options.text("sheet"),
        header_row=options.whole("headerRow", 1000),
        member=options.text("member"),
        compression=compression,
    )


def _check_path(path: str, place: Place, home: Path, findings: Findings) -> None:
    """Only files below the home's landing folder, whatever the host's path rules and however links point."""
    remedy = f"Write it relative to the home, such as {_LANDING}/my_source/*.csv"
    expected = f"a file pattern below {_LANDING}/"
    steps = path.split("/")
    if PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive or path[:1] == "~" or "\\" in path:
        findings.add(place, f"a path outside the home: {shown(path)}", expected, remedy)
    elif ".." in steps:
        findings.add(place, f"a path that climbs out with ..: {shown(path)}", expected, remedy)
    elif steps[0] != _LANDING or len(steps) < 2 or not steps[-1].strip() or not path.isprintable():
        findings.add(place, f"the path {shown(path)}", expected, remedy)
    elif _leaves_landing(steps, home):
        remedy = f"Deliver the files into {_LANDING}/ itself (that folder as a whole may be a link)"
        findings.add(place, f"a path that a link leads out of {_LANDING}/: {shown(path)}", expected, remedy)


def _leaves_landing(steps: list[str], home: Path) -> bool:
    fixed = itertools.takewhile(lambda step: not set("*?[") & set(step), steps)
    try:
        return not home.joinpath(*fixed).resolve().is_relative_to((home / _LANDING).resolve())
    except (OSError, RuntimeError):  # a loop of links
        return True


def _encoding(node: Node, place: Place, options: Customs, findings: Findings) -> str:
    """The encoding as Python names it; declared by the standard's own key or as a custom property."""
    at, own = (*place, "encoding"), node.get("encoding")
    name = own if isinstance(own, str) else None
    if name is not None and options.has("encoding") and options.raw("encoding") != name:
        findings.add(at, "two encodings", "one encoding", "Remove one of the two")
    if name is None:
        at, name = options.place("encoding"), options.text("encoding")
    if name is None:
        return "utf-8"
    if name == "auto":
        return name
    try:
        # Encoding a character, not only looking the name up: codecs such as base64 are no text encodings.
        "1".encode(name)
    except (LookupError, ValueError):
        remedy = "Write utf-8, utf-16, gb18030, big5, latin-1 or another codec of Python, or auto"
        findings.add(at, shown(name), "an encoding that Python knows", remedy)
    return name.lower()


def _delimiter(form: str, options: Customs, findings: Findings) -> str:
    value = options.raw("delimiter")
    if value is None:
        return "\t" if form == "tsv" else ","
    if isinstance(value, str) and len(value) == 1 and value not in "\"'\r\n\0":
        return value
    remedy = 'Write one character in double quotes; a tab is "\\t"'
    findings.add(
        options.place("delimiter"), shown(value), "a delimiter of one character, no quote or line end", remedy
    )
    return ","


def _listed(names: frozenset[str]) -> str:
    return " or ".join(sorted(names))
