"""The rules of the gates in one table. A rule looks at one figure of one frame; frames hold figures, never personal values.

Keys, relations and sums between tables are dbt's tests; bounds of single deliveries are those of `measures` and contracts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Rule:
    """`column` of the layer's frame must lie between `low` and `high` (both included, None: open) in every row.

    severity: fail keeps the version from readers; warn and info are shown only. `reason` says why the bound lies there.
    """

    name: str
    layer: str
    column: str
    low: float | None
    high: float | None
    severity: str
    description: str
    reason: str
    remedy: str
    owner: str = "data engineer"


RULES = (
    Rule("delivery_balances", "staging", "unaccounted_rows", 0, 0, "fail",
         "Rows in = accepted + quarantined + duplicate, of every delivery",
         "A row that is in none of the three was lost", "Report it: ingest lost count of rows"),
    Rule("records_present", "staging", "records", 1, None, "warn",
         "A source that delivered has records", "Without one, nothing of the source reaches readers",
         "See the delivery check of the source"),
    Rule("identified_share", "staging", "identified_share", 0.5, None, "warn",
         "Half of a source's records carry something that identifies a person",
         "Fewer mean that names and contacts are mapped to other fields", "Check the column mapping of the contract"),
    Rule("currency_known", "staging", "lines_without_currency", None, 0, "warn",
         "Every amount of a transaction has a currency, its own or its contract's",
         "Amounts of an unknown currency are not added up", "Write the custom property defaultCurrency in the contract", "data steward"),
    Rule("customers_found", "identity", "customers", 1, None, "fail",
         "There is at least one customer", "An empty view is never what readers want",
         "Check that sources delivered and contracts map names and contacts"),
    Rule("largest_customer", "identity", "largest_customer", None, 5000, "fail",
         "No customer has more than 5,000 records", "Nobody leaves so many: strangers were joined by a shared value",
         "Look at it with `ucv explain`; a shared value may be junk", "data steward"),
    Rule("id_churn", "identity", "retired_share", None, 0.2, "warn",
         "No more than a fifth of published customer ids are retired by one run",
         "Exports and campaigns hold these ids", "Compare with the last version before trusting it", "data steward"),
    Rule("customers_kept", "golden", "kept_share", 0.5, None, "fail",
         "At least half as many customers as in the version that readers see",
         "A source that vanished by mistake takes its customers along",
         "See which source delivers no more; if the loss is meant, raise largest_customer_loss in ucv.toml for one night",
         "data steward"),
    Rule("contactable_share", "golden", "contactable_share", 0.05, None, "warn",
         "At least one customer in twenty has a telephone number or e-mail",
         "Below that, contacts are mapped wrong or were lost in standardising", "Check the sources' contact columns", "marketer"),
)  # fmt: skip


def rules_of(layer: str, largest_loss: float = 0.5) -> tuple[Rule, ...]:
    """The rules of a layer; `largest_loss` is the share of customers that a version may lose (setting largest_customer_loss)."""
    own = (rule for rule in RULES if rule.layer == layer)
    return tuple(
        replace(rule, low=1 - largest_loss) if rule.name == "customers_kept" else rule for rule in own
    )
