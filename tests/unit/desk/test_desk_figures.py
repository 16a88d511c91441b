"""Figures of the steward's room: bridges, agreement, waterfalls, marks of what differs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.command.evidence import PairEvidence, Part
from pipelines.desk.steward.clusters import Merge, ranked, weakest_bridges
from pipelines.desk.steward.evidence_chart import waterfall
from pipelines.desk.steward.judging import DISPUTED, PUT_OFF, WAITS, WRITTEN, what_becomes
from pipelines.desk.steward.opinions import (
    DIFFERENT,
    LATER,
    SAME,
    Opinion,
    add_opinion,
    agreement,
    opinions_path,
    read_opinions,
)
from pipelines.desk.steward.sides import Side, compare
from pipelines.errors import UcvError


def opinion(said: str, *, is_asked: bool) -> Opinion:
    return Opinion(1, "", "wang", "a", "b", said, is_asked, False, SAME)


@pytest.mark.parametrize(
    ("said", "others", "is_asked", "becomes"),
    [
        (SAME, [], False, WRITTEN),
        (SAME, [], True, WAITS),
        (LATER, [], False, PUT_OFF),
        (SAME, [opinion(SAME, is_asked=True)], False, WRITTEN),
        (DIFFERENT, [opinion(SAME, is_asked=True)], False, DISPUTED),
        (DIFFERENT, [opinion(SAME, is_asked=False)], False, WRITTEN),
        (DIFFERENT, [opinion(SAME, is_asked=False)], True, DISPUTED),
        (LATER, [opinion(SAME, is_asked=True)], False, PUT_OFF),
    ],
)
def test_two_who_were_asked_must_agree(
    said: str, others: list[Opinion], is_asked: bool, becomes: str
) -> None:
    assert what_becomes(said, others, is_asked=is_asked) == becomes


def test_kappa_is_what_is_beyond_chance() -> None:
    said = (
        [(SAME, SAME)] * 20
        + [(SAME, DIFFERENT)] * 5
        + [(DIFFERENT, SAME)] * 10
        + [(DIFFERENT, DIFFERENT)] * 15
    )
    told = agreement("li", "wang", said)
    assert (told.pairs, told.agreed) == (50, 35)
    assert told.kappa == pytest.approx(0.4)  # the textbook's example: 0.7 observed, 0.5 by chance
    assert agreement("li", "wang", [(SAME, SAME)] * 3).kappa is None


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(-20, 40)), min_size=1, max_size=25))
def test_the_weakest_bridge_is_the_weakest_edge_of_the_strongest_tree(
    edges: list[tuple[int, int, float]],
) -> None:
    graph = nx.Graph()
    for a, b, bits in edges:
        if a != b and bits > (graph.edges[a, b]["weight"] if graph.has_edge(a, b) else -99):
            graph.add_edge(a, b, weight=bits)
    if not graph.number_of_edges() or not nx.is_connected(graph):
        return
    ordered = sorted(graph.edges(data="weight"), key=lambda one: -one[2])
    found = weakest_bridges(("C1", a, b, bits) for a, b, bits in ordered)
    tree = nx.maximum_spanning_tree(graph)
    assert found["C1"][0] == min(bits for *_, bits in tree.edges(data="weight"))


def test_merges_without_a_bridge_come_last() -> None:
    one, other = Merge("C1", 2, 2, None, None, 0, ()), Merge("C2", 2, 2, 3.0, (1, 2), 1, ("sex",))
    assert [each.customer_id for each in ranked([one, other], "bridge")] == ["C2", "C1"]
    assert [each.customer_id for each in ranked([one, other], "guards")] == ["C2", "C1"]
    assert [each.customer_id for each in ranked([one, other], "conflicts")] == ["C2", "C1"]


def test_each_bar_of_a_waterfall_begins_where_the_one_before_ends() -> None:
    parts = (Part("family", "same", 8.4, 2.5), Part("given", "different", -5.0), Part("phone", "same", 9.0))
    guards = (Part("household", "a household shares phones", -3.0),)
    chart = waterfall(PairEvidence(1, 2, -8.0, parts, guards, 1.4, False, 0.0))
    steps = chart.steps[:-1]
    assert sum(step.bits for step in steps) == pytest.approx(chart.steps[-1].bits)
    for before, after in pairwise(steps):
        ends = before.x + (before.width if before.bits >= 0 else 0)
        begins = after.x + (0 if after.bits >= 0 else after.width)
        assert begins == pytest.approx(ends, abs=0.02)
    assert all(step.x >= 0 and step.x + step.width <= 200 for step in chart.steps)
    assert chart.zero == chart.floor


def test_what_differs_is_marked_on_both_sides() -> None:
    def side(address: tuple[str, ...], phones: tuple[str, ...]) -> Side:
        values: list[tuple[str, ...]] = [()] * 14
        values[6], values[8] = phones, address
        return Side(1, "C1", ("s:a",), tuple(values))

    lines = {
        line.field: line
        for line in compare(side(("1栋3单元",), ("1", "2")), side(("1号楼3单元",), ("2", "1")))
    }
    assert lines["phones"].state == "same"
    address = lines["address_line"]
    assert address.state == "differs"
    assert address.one == ((("1", False), ("栋", True), ("3单元", False)),)
    assert address.other == ((("1", False), ("号楼", True), ("3单元", False)),)
    assert set(lines) == {"phones", "address_line"}
    only = compare(side((), ("1",)), side((), ()))
    assert [(line.field, line.state) for line in only] == [("phones", "one")]


def test_opinions_are_read_on_from_what_is_known_and_a_damaged_line_is_told(tmp_path: Path) -> None:
    for said in (SAME, DIFFERENT, LATER):
        add_opinion(tmp_path, "li", ("a", "b"), said, is_asked=False, was_blind=False, tool=SAME)
    whole = read_opinions(tmp_path)
    assert [one.said for one in whole] == [SAME, DIFFERENT, LATER]
    assert read_opinions(tmp_path, whole[:2]) == whole
    path = opinions_path(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0])
    assert read_opinions(tmp_path, whole) == whole[:1], "a shorter file is another one"
    path.write_text(lines[0].replace("same", "different", 1))
    with pytest.raises(UcvError, match=r"Line 1 of .* is damaged"):
        read_opinions(tmp_path)
