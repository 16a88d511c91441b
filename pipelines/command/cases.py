"""The two cases of docs/cases.md in numbers of the published version: offers beside a receipt, and service against churn. Counts only."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Any

from rich.console import Console
from rich.table import Table

from pipelines.command.segment import print_table
from pipelines.publishing.query import open_reader
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

_OFFERS = """
    SELECT affinity.channel, affinity.offers, affinity.take_rate, popular.take_rate, affinity.standard_error,
        popular.standard_error, affinity.taken_value, popular.taken_value
    FROM marts.affinity_backtest AS affinity
    JOIN marts.affinity_backtest AS popular ON affinity.channel = popular.channel AND popular.method = 'popularity'
    WHERE affinity.method = 'affinity' ORDER BY affinity.channel
"""
_PAIRS = """
    SELECT product_id, with_product_id, order_count, confidence, lift FROM marts.product_affinity
    WHERE order_count >= 10 ORDER BY lift DESC, product_id, with_product_id LIMIT 6
"""
_SERVICE = """
    SELECT outcome, customers, returned_customers, churn, lift_low, lift_high FROM marts.service_retention
    ORDER BY list_position(['resolved', 'open', 'unknown', 'no_contact'], outcome)
"""
Row = tuple[Any, ...]


def show_cases(settings: Settings, console: Console) -> None:
    """Print both cases. Raises PublishError where nothing is published."""
    conn = open_reader(settings, load_keys(settings))
    try:
        offers, pairs, service = (conn.execute(sql).fetchall() for sql in (_OFFERS, _PAIRS, _SERVICE))
    finally:
        conn.close()
    _show_offers(offers, pairs, console)
    _show_service(service, console)


def _show_offers(offers: list[Row], pairs: list[Row], console: Console) -> None:
    title = "E-commerce: three products offered beside the first of a receipt, judged by the receipts of the last half year"
    head = (
        "channel",
        "receipts",
        "taken: goes together",
        "taken: sells most",
        "lift (95 %)",
        "sold: goes together",
        "sold: sells most",
    )
    rows = []
    for channel, receipts, rate, popular, error, popular_error, value, popular_value in offers:
        lift = _interval(float(rate - popular), sqrt(float(error) ** 2 + float(popular_error) ** 2))
        rows.append(
            (
                channel,
                f"{receipts:,}",
                f"{rate:.1%}",
                f"{popular:.1%}",
                lift,
                f"{value:,.0f}",
                f"{popular_value:,.0f}",
            )
        )
    _print(title, head, rows, console)
    told = (
        (one, other, f"{orders:,}", f"{share:.1%}", f"{lift:.1f}")
        for one, other, orders, share, lift in pairs
    )
    _print(
        "What goes together most",
        ("product", "with", "orders", "of the product's orders", "lift"),
        told,
        console,
    )


def _show_service(service: list[Row], console: Console) -> None:
    title = "Retailer: who bought before, by the last contact with service; churn is no order in the half year after it"
    head = (
        "contact",
        "customers",
        "bought again",
        "churn",
        "bought again more than after an open one (95 %)",
    )
    rows = (
        (
            outcome,
            f"{customers:,}",
            f"{returned:,}",
            f"{churn:.1%}",
            "" if low is None else f"{low:+.1%} to {high:+.1%}",
        )
        for outcome, customers, returned, churn, low, high in service
    )
    _print(title, head, rows, console)


def _interval(lift: float, error: float) -> str:
    """As of two samples; both are of the same receipts, so it is rather too wide."""
    return f"{lift:+.1%} ({lift - 1.96 * error:+.1%} to {lift + 1.96 * error:+.1%})"


def _print(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]], console: Console) -> None:
    table = Table(title=title, title_justify="left")
    for place, name in enumerate(head):
        table.add_column(name, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    print_table(table, console)
