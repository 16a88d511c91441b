"""Why ours erred on a data set: false and missed pairs by class, with levels and bits of a sample; no delivered value is told.

A class is how the pair came to be (or not) and which fields agree, come near or contradict, by the levels of the build.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from duckdb import DuckDBPyConnection

from benchmarks.identity.ours import open_build
from pipelines.command.evidence import PairEvidence, read_evidence
from pipelines.command.working_file import weights_sql
from pipelines.matching.specification import match_specification

SAMPLES = 2
SEED = 1
_TRAITS = (
    "family_latin", "given_latin", "birth_date", "national_id", "phones", "emails", "street", "house_number", "city",
    "postcode", "birth_place", "occupation", "organisation_key",
)  # fmt: skip
_NAMES_TOLD = "family_level IS NOT NULL AND given_level IS NOT NULL"


@dataclass(frozen=True)
class Reason:
    """One class of errors of a `kind`, false or missed: how many pairs of records, and a few sampled pairs of profiles.

    `evidence` is empty where the pairs were never compared or both records read the same.
    """

    kind: str
    label: str
    pairs: int
    share: float
    evidence: tuple[PairEvidence, ...]


def find_reasons(home: Path, truth: pd.DataFrame, count: int) -> list[Reason]:
    """The `count` largest classes of false pairs, then those of missed pairs, of a finished build.

    `truth`: source_record_id, person_id. Records without either are left out. The same pairs are sampled every time.
    """
    conn = open_build(home)
    told = truth[["source_record_id", "person_id"]].astype(str)
    conn.register("truth", told)
    _collect(conn)
    found = []
    for kind in ("false", "missed"):
        classes = conn.execute(
            "SELECT label, sum(pairs)::BIGINT AS pairs, sum(pairs) / sum(sum(pairs)) OVER () AS share FROM errors "
            "WHERE kind = ? GROUP BY label ORDER BY pairs DESC, label LIMIT ?",
            [kind, count],
        ).fetchall()
        found += [
            Reason(kind, label, pairs, float(share), _sampled(conn, kind, label))
            for label, pairs, share in classes
        ]
    conn.close()
    return found


def _collect(conn: DuckDBPyConnection) -> None:
    """Table `errors`: kind, profile_a, profile_b, pairs (of records) and label, a row per pair of profiles."""
    conn.execute(
        "CREATE TEMP TABLE holders AS SELECT profile_no, customer_id, person_id, count(*) AS records FROM identity_records "
        "JOIN resolved USING (record_id) JOIN truth USING (source_record_id) GROUP BY ALL"
    )
    # Records that read the same are one profile, and so one customer, whoever they are.
    conn.execute(
        "CREATE TEMP TABLE wrong AS SELECT kind, least(a_no, b_no) AS profile_a, greatest(a_no, b_no) AS profile_b, "
        "sum(records)::BIGINT AS pairs FROM ("
        "SELECT 'false' AS kind, a.profile_no AS a_no, b.profile_no AS b_no, a.records * b.records AS records "
        "FROM holders AS a JOIN holders AS b ON a.customer_id = b.customer_id AND a.person_id < b.person_id UNION ALL "
        "SELECT 'missed', a.profile_no, b.profile_no, a.records * b.records "
        "FROM holders AS a JOIN holders AS b ON a.person_id = b.person_id AND a.customer_id < b.customer_id) GROUP BY ALL"
    )
    floor = (
        "(SELECT value::DOUBLE FROM warehouse.identity.identity_match_settings WHERE setting = 'link_floor')"
    )
    conn.execute(
        f"CREATE TEMP TABLE errors AS SELECT kind, profile_a, profile_b, pairs, CASE "
        "WHEN profile_a = profile_b THEN 'read the same' "
        f"WHEN match_weight IS NULL THEN 'never compared: ' || ({_traits_sql()}) "
        f"ELSE CASE WHEN kind = 'false' AND match_weight >= {floor} THEN 'linked: ' "
        "WHEN kind = 'false' THEN 'joined by others: ' WHEN is_conflict THEN 'ids conflict: ' "
        f"WHEN match_weight >= {floor} THEN 'linked but cut apart: ' ELSE 'too little evidence: ' END || ({_levels_sql(conn)}) "
        f"END AS label FROM wrong LEFT JOIN ({weights_sql()}) USING (profile_a, profile_b) "
        "JOIN identity_profiles AS a ON a.profile_no = profile_a JOIN identity_profiles AS b ON b.profile_no = profile_b"
    )


def _levels_sql(conn: DuckDBPyConnection) -> str:
    """SQL for the words of a weighed pair: fields at their highest level, at one between in its words, at the lowest."""
    found = conn.execute(
        "SELECT field, list(label ORDER BY level) FROM warehouse.identity.identity_match_model GROUP BY field"
    ).fetchall()
    labels = dict(found)
    agree, near, differ = [], [], []
    for field in match_specification().fields:
        level, top = f"{field}_level", len(labels[field]) - 1
        # the whole name repeats its parts
        told = f"NOT ({_NAMES_TOLD})" if field == "full_name" else "true"
        agree.append(f"CASE WHEN {told} AND {level} = {top} THEN '{field}' END")
        differ.append(f"CASE WHEN {told} AND {level} = 0 THEN '{field}' END")
        words = ", ".join(f"'{label}'" for label in labels[field])
        near.append(
            f"CASE WHEN {told} AND {level} BETWEEN 1 AND {top - 1} THEN '{field} ' || ([{words}])[{level} + 1] END"
        )
    return _joined({"same": agree, "near": near, "other": differ})


def _traits_sql() -> str:
    """SQL for the words of a pair that no rule compared: which traits of the two profiles are the same and which are not."""
    same, other = [], []
    for trait in _TRAITS:
        agrees = (
            f"list_has_any(a.{trait}, b.{trait})"
            if trait in {"phones", "emails"}
            else f"a.{trait} = b.{trait}"
        )
        known = (
            f"length(a.{trait}) > 0 AND length(b.{trait}) > 0" if trait in {"phones", "emails"} else "true"
        )
        same.append(f"CASE WHEN {known} AND {agrees} THEN '{trait}' END")
        other.append(f"CASE WHEN {known} AND NOT ({agrees}) THEN '{trait}' END")
    return _joined({"same": same, "other": other})


def _joined(parts: dict[str, list[str]]) -> str:
    texts = [f"'{name} ' || nullif(concat_ws(', ', {', '.join(cases)}), '')" for name, cases in parts.items()]
    return f"coalesce(nullif(concat_ws('; ', {', '.join(texts)}), ''), 'nothing in common to compare')"


def _sampled(conn: DuckDBPyConnection, kind: str, label: str) -> tuple[PairEvidence, ...]:
    chosen = conn.execute(
        "SELECT profile_a, profile_b FROM errors WHERE kind = ? AND label = ? "
        "ORDER BY md5(concat_ws('-', profile_a, profile_b, ?::INTEGER)) LIMIT ?",
        [kind, label, SEED, SAMPLES],
    ).fetchall()
    return tuple(
        pair
        for a, b in chosen
        for pair in read_evidence(conn, "profile_a = ? AND profile_b = ?", [a, b], "profile_a")
    )


def format_reasons(data: str, reasons: list[Reason]) -> str:
    """Plain text: a line per class with pairs and their share of all of its kind, below it a line per sampled pair."""
    lines = []
    for kind in ("false", "missed"):
        chosen = [reason for reason in reasons if reason.kind == kind]
        lines += ["", f"{data}: {kind} pairs" + ("" if chosen else ": none")]
        for number, reason in enumerate(chosen, 1):
            lines.append(f"{number:>3}. {reason.pairs:,} ({reason.share:.1%}) {reason.label}")
            lines += [f"       {_evidence(pair)}" for pair in reason.evidence]
    return "\n".join(lines)


def _evidence(pair: PairEvidence) -> str:
    parts = [f"{part.field} {part.level} {part.bits:+.1f}" for part in pair.parts]
    parts += [f"({part.field} rule {part.bits:+.1f})" for part in pair.guards]
    return f"{pair.match_weight:+.1f} bits = prior {pair.prior:+.1f}, " + ", ".join(parts)
