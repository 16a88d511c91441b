"""The rules of every gate in one table. A rule looks at one figure of one frame; frames hold figures, never personal values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`column` of the layer's frame must lie between `low` and `high` (None: open) in every row.

    severity: fail keeps the version from readers; warn and info are shown only.
    """

    name: str
    layer: str
    column: str
    low: float | None
    high: float | None
    severity: str
    description: str
    remedy: str
    owner: str = "data engineer"


RULES = (
    Rule("delivery_balances", "staging", "unaccounted_rows", 0, 0, "fail",
         "Rows in = accepted + quarantined + duplicate, per source", "Report it: ingest lost count of rows"),
    Rule("records_present", "staging", "records", 1, None, "warn",
         "A source that delivered has records", "See the delivery check of the source"),
    Rule("quarantine_share", "staging", "quarantine_share", None, 0.2, "warn",
         "No more than a fifth of a source's rows are quarantined", "Send the claim file (`ucv rejects SOURCE`) to the source", "data steward"),
    Rule("identified_share", "staging", "identified_share", 0.5, None, "warn",
         "Half of a source's records carry something that identifies a person", "Check the column mapping of the contract"),
    Rule("currency_known", "staging", "lines_without_currency", None, 0, "warn",
         "Every amount of a transaction has a currency, its own or its contract's; others are not added up",
         "Write the custom property defaultCurrency in the contract", "data steward"),
    Rule("records_reconcile", "identity", "unaccounted_records", 0, 0, "fail",
         "Every record is resolved or listed as unidentified", "Report it: identity lost records"),
    Rule("largest_customer", "identity", "largest_customer", None, 5000, "fail",
         "No customer has more than 5,000 records", "Look at it with `ucv explain`; a shared value may be junk", "data steward"),
    Rule("customers_found", "identity", "customers", 1, None, "fail",
         "There is at least one customer", "Check that sources delivered and contracts map names and contacts"),
    Rule("id_churn", "identity", "retired_share", None, 0.2, "warn",
         "No more than a fifth of published customer ids are retired by one run", "Compare with the last version before trusting it", "data steward"),
    Rule("xref_complete", "golden", "unlinked_records", 0, 0, "fail",
         "Every resolved record has one row in customer_xref", "Report it: the golden layer lost records"),
    Rule("one_row_per_customer", "golden", "surplus_customers", 0, 0, "fail",
         "customers has exactly one row per customer_id of customer_xref", "Report it: the golden layer is inconsistent"),
    Rule("mixed_customers", "golden", "mixed_customers", 0, 0, "fail",
         "No customer mixes persons and organisations", "Report it: identity merged across entity types"),
    Rule("contactable_share", "golden", "contactable_share", 0.05, None, "warn",
         "At least one customer in twenty has a telephone number or e-mail", "Check the sources' contact columns", "marketer"),
    Rule("transactions_preserved", "golden", "missing_transactions", 0, 0, "fail",
         "Every staged transaction line is in fct_transactions", "Report it: the marts lost transactions"),
    Rule("amounts_preserved", "golden", "amount_difference", 0, 0, "fail",
         "The sum of amounts is the same in staging and fct_transactions", "Report it: the marts changed amounts"),
)  # fmt: skip


def rules_of(layer: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.layer == layer)
