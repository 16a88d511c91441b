"""Turns YAML nodes into plain values, with the line of every place.

Scalars follow YAML 1.2 (`NO` is Norway, `01` keeps its zero, a date stays text): contracts are about codes.
Refused: duplicate keys, tags, deep nesting, characters that cannot be written.
"""

from __future__ import annotations

import re

import yaml

from pipelines.contracts.problems import Findings, Place, shown

MAX_DEPTH = 30
PLACEHOLDER = "FILL_IN"
"""What `ucv contract new` writes where only a person knows the value; a contract that holds it is refused."""

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})?(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_TAG = "tag:yaml.org,2002:"
_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
_PLAIN_TAGS = frozenset(_TAG + name for name in _TAGS)


def build(node: yaml.Node, place: Place, findings: Findings) -> object:
    """The value of a node: dict (text keys), list, str, int, float, bool or None. Fills `findings.lines`."""
    findings.lines.setdefault(place, node.start_mark.line + 1)
    if len(place) > MAX_DEPTH:
        findings.add(place, "values nested too deeply", f"at most {MAX_DEPTH} levels", "Flatten the file")
        return None
    if node.tag not in _PLAIN_TAGS:
        findings.add(place, "a YAML tag (!)", "a plain value", "Remove the tag")
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, findings)
    if isinstance(node, yaml.SequenceNode):
        return [build(item, (*place, index), findings) for index, item in enumerate(node.value)]
    return _scalar(node.value, isinstance(node, yaml.ScalarNode) and node.style is not None, place, findings)


def _mapping(node: yaml.MappingNode, place: Place, findings: Findings) -> dict[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key, str) or not _encodable(key):
            findings.add(place, "a key that is no text", "text keys", "Write a plain word before the colon")
            continue
        inner = (*place, key)
        if key in values:
            first = findings.lines[inner]
            received = f"the key {shown(key)} twice, again on line {line}"
            findings.add(inner, received, "each key once", f"Remove line {first} or line {line}")
            continue
        findings.lines[inner] = line
        values[key] = build(value_node, inner, findings)
    return values


def _scalar(text: str, quoted: bool, place: Place, findings: Findings) -> object:
    if not _encodable(text):
        findings.add(place, "half a surrogate pair", "whole characters", "Type the character itself")
        return None
    if text == PLACEHOLDER:
        findings.add(place, f"the placeholder {PLACEHOLDER}", "a real value", f"Replace {PLACEHOLDER}")
    if quoted:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) and any(map(str.isdigit, text)) else text


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
