"""Counts of a demo by people as they truly are, made with pandas alone: what marts about customers should say."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipelines.demo.truth import read_truth


class TrueCounts:
    """`conn` has the build attached as `warehouse`; people come from the demo's truth, not from identity."""

    def __init__(self, conn: duckdb.DuckDBPyConnection, home: Path) -> None:
        truth = read_truth(home)
        people = dict(zip(truth.source_system + ":" + truth.source_record_id, truth.person_id, strict=True))
        lines = conn.execute(
            "SELECT record_id, source_system, transaction_id, transacted_at, channel, value, is_return, line_number "
            "FROM warehouse.marts.fct_transactions"
        ).df()
        lines["person"] = lines.record_id.map(people)
        grouped = lines.sort_values("line_number").groupby(["source_system", "transaction_id"])
        self.orders = grouped.agg(
            person=("person", "first"), at=("transacted_at", "min"), channel=("channel", "first"),
            value=("value", "sum"), is_return=("is_return", "all"),
        )  # fmt: skip
        self.orders["day"] = self.orders["at"].dt.date
        self.acts = conn.execute(
            "SELECT record_id, campaign_id, interaction_type, occurred_at, coalesce(is_holdout, false) AS is_holdout "
            "FROM warehouse.staging.stg_interactions"
        ).df()
        self.acts["person"] = self.acts.record_id.map(people)

    def buyers(self, first: date, last: date) -> tuple[int, int]:
        """How many bought in these days, and how many of them had bought before."""
        bought = self.orders[~self.orders.is_return & self.orders.person.notna()].sort_values("at")
        bought = bought.assign(place=bought.groupby("person").cumcount())
        within = bought[(bought.day >= first) & (bought.day <= last)]
        return within.person.nunique(), within[within.place > 0].person.nunique()

    def sales(self, first: date, last: date, channel: str) -> float:
        """What was sold less what came back, whoever bought it."""
        of_channel = self.orders[(self.orders.channel == channel) & (self.orders.day >= first)]
        return float(of_channel[of_channel.day <= last].value.sum())

    def sent_and_bought(self) -> dict[str, tuple[int, int]]:
        """Campaign -> people who were sent it and not held out, and how many of them bought within 30 days."""
        named = self.acts[self.acts.campaign_id.notna() & self.acts.person.notna()]
        sends = named[named.interaction_type == "campaign_send"]
        first = sends.groupby(["campaign_id", "person"]).occurred_at.min()
        held_out = set(named[named.is_holdout].groupby(["campaign_id", "person"]).groups)
        bought = self.orders[~self.orders.is_return].groupby("person")["at"].apply(list).to_dict()
        found: dict[str, tuple[int, int]] = {}
        for (campaign, person), at in first.items():
            if (campaign, person) not in held_out:
                until = at + timedelta(days=30)
                sent, buying = found.get(campaign, (0, 0))
                has_bought = any(at <= day <= until for day in bought.get(person, []))
                found[campaign] = (sent + 1, buying + has_bought)
        return found
