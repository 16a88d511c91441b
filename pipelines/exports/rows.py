"""The rows of an export: who stays, with the name and value that terms permit, and nothing else of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.exports.decoys import Decoy
from pipelines.exports.request import Request

if TYPE_CHECKING:
    import duckdb

# The golden name where a source in force gave it, else the best one that such a source gave, else none; a source that counts uses
# gives the name only where it is charged. The golden address is written as people write it, another one in its standard form.
_ROWS = """
WITH named AS (
    SELECT
        known.customer_id,
        arg_min(CASE WHEN known.is_golden THEN customers.display_name ELSE known.value END, known.value_rank) AS name
    FROM judged
    INNER JOIN golden.customer_values AS known ON judged.customer_id = known.customer_id
    INNER JOIN golden.customers AS customers ON known.customer_id = customers.customer_id
    INNER JOIN marts.contact_value_sources AS delivered
        ON known.customer_id = delivered.customer_id AND delivered.kind = 'display_name' AND known.value = delivered.value
    INNER JOIN source_obstacles AS terms
        ON
            delivered.source_system = terms.source_system
            AND terms.obstacle IS NULL
            AND (terms.max_uses IS NULL OR terms.source_system = judged.charged_source)
    WHERE known.field = 'display_name' AND judged.reason IS NULL
    GROUP BY known.customer_id
)
SELECT
    judged.customer_id,
    coalesce(named.name, '') AS name,
    CASE
        WHEN asked.kind = 'address' AND golden.is_golden THEN coalesce(customers.address, judged.value)
        ELSE judged.value
    END AS value,
    export_token('value/' || asked.kind || '/' || judged.value) AS value_token,
    judged.charged_source,
    judged.reason
FROM judged
CROSS JOIN asked
LEFT JOIN named ON judged.customer_id = named.customer_id
LEFT JOIN golden.customers AS customers ON judged.customer_id = customers.customer_id
LEFT JOIN golden.customer_values AS golden
    ON judged.customer_id = golden.customer_id AND golden.field = asked.kind AND judged.value = golden.value
WHERE judged.reason IS NULL OR judged.reason = 'hold_out'
"""


_ID_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Recipient:
    """One line of a file. `recipient` is a keyed token that stands for the customer in this export alone; `customer_id` leaves only
    by a contract that asks for it."""

    recipient: str
    name: str
    value: str
    customer_id: str = ""


@dataclass(frozen=True)
class Member:
    """What the ledger remembers of one customer, as keyed tokens. role: sent, held_out, or left (of those sent before).

    `recipient` is how a file named them, empty for who was held out.
    """

    role: str
    customer_token: str
    value_token: str
    recipient: str
    charged_source: str | None


def read_rows(
    conn: duckdb.DuckDBPyConnection, request: Request, decoys: Sequence[Decoy], token: Callable[[str], str]
) -> tuple[list[Recipient], list[Member]]:
    """Recipients, decoys among them, in an order that tells nothing; and the members, in the order of their tokens."""
    recipients, members = [], []
    for customer_id, name, value, value_token, charged, reason in conn.execute(_ROWS).fetchall():
        is_sent, who = reason is None, recipient_of(request.export_id, customer_id, token)
        members.append(
            Member(
                "sent" if is_sent else "held_out",
                token(f"customer/{customer_id}"),
                value_token,
                who if is_sent else "",
                charged if is_sent else None,
            )
        )
        if is_sent:
            recipients.append(Recipient(who, name, value, customer_id))
    recipients += [
        Recipient(
            recipient_of(request.export_id, f"decoy/{turn}", token),
            decoy.name,
            decoy.value,
            _invented_id(decoy, token),
        )
        for turn, decoy in enumerate(decoys)
    ]
    return (
        sorted(recipients, key=lambda row: row.recipient),
        sorted(members, key=lambda member: (member.customer_token, member.value_token)),
    )


def read_left(conn: duckdb.DuckDBPyConnection, had: Sequence[Member]) -> list[Member]:
    """Of those who were sent before, who is not in the audience or may not be contacted by that value any more."""
    stayed = set(conn.execute("SELECT customer_token, value_token FROM stayed").fetchall())
    return [
        Member("left", one.customer_token, one.value_token, one.recipient, None)
        for one in had
        if (one.customer_token, one.value_token) not in stayed
    ]


def _invented_id(decoy: Decoy, token: Callable[[str], str]) -> str:
    """A customer id that nobody has, in the shape of the others."""
    number = int(token(f"decoy-customer/{decoy.export_id}/{decoy.value}"), 16)
    return "C" + "".join(_ID_SIGNS[number >> 5 * place & 31] for place in range(13))


def recipient_of(export_id: str, who: str, token: Callable[[str], str]) -> str:
    """The name that stands for a customer (or decoy) in the file of one export."""
    return token(f"recipient/{export_id}/{who}")[:20]
