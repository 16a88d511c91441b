"""Why a node of dbt failed, in words that hold no value of any row.

DuckDB's own message may quote the value that it could not take. Of errors about the SQL itself the message is told, quoted
text masked; of errors about data only what kind it is, and the column where a rule of the model's contract names one.
"""

from __future__ import annotations

import re

_ABOUT_SQL = ("Catalog Error", "Binder Error", "Parser Error", "Compilation Error", "Dependency Error", "Syntax Error",
              "Not implemented Error", "Missing Extension Error")  # fmt: skip
_ABOUT_DATA = {
    "Conversion Error": "a value does not fit the type of its column",
    "Constraint Error": "a rule of the model's contract does not hold",
    "Out of Range Error": "a number is larger than its type holds",
    "Invalid Input Error": "a function was given what it cannot take",
    "Invalid Type Error": "a value has another type than the SQL expects",
    "Out of Memory Error": "memory ran out; raise memory_limit in ucv.toml, or build with fewer programs beside it",
    "IO Error": "a file could not be read or written; is the disk full?",
    "Interrupt Error": "it was ended from outside",
    "TransactionContext Error": "the connection was ended by an error before it",
    "INTERNAL Error": "DuckDB ended by a fault of its own",
}
_CLASS = re.compile(rf"({'|'.join(map(re.escape, (*_ABOUT_SQL, *_ABOUT_DATA)))}):?\s*([^\n]*)")
_NOT_NULL = re.compile(r"NOT NULL constraint failed: ([A-Za-z_][\w.]*)")
_QUOTED = re.compile(r"'[^']*'")
_LONGEST = 200


def cause(status: str, message: str | None, failures: int) -> str:
    """A few words on one failed node: `status` and `message` as dbt has them, `failures` the broken rules of a test."""
    if status == "fail":
        return f"{failures:,} {'rule is' if failures == 1 else 'rules are'} broken"
    text = message or ""
    found = _CLASS.search(text)
    if found is None:
        return "dbt gives no cause that can be told without values" if text else "dbt gives no cause"
    name, told = found.groups()
    if name in _ABOUT_SQL:
        # Of a model that does not compile dbt tells the reason on the next line.
        rest = told.strip() or next(iter(re.findall(r"\n\s*(\S[^\n]*)", text[found.end() :] or "")), "")
        return f"{name}: {_QUOTED.sub('…', rest)[:_LONGEST]}".rstrip(": ")
    column = _NOT_NULL.search(text)
    return f"{name}: {_ABOUT_DATA[name]}{f' ({column[1]} is not filled)' if column else ''}"
