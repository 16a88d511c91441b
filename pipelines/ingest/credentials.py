"""Who logs in at a source's server: from the environment, else from the home's key document; never from a contract."""

from __future__ import annotations

import os

from pipelines.errors import SettingsError
from pipelines.settings import Settings
from pipelines.storage.key_source import read_document


def credential(settings: Settings, source_id: str, name: str) -> str | None:
    """`name` (user, password, access_key_id, secret_access_key, session_token) of a source; None where nobody set it.

    The environment's UCV_SOURCE_<ID>_<NAME> wins over {"sources": {"<id>": {"<name>": …}}} in the key file.
    """
    told = os.environ.get(f"UCV_SOURCE_{source_id}_{name}".upper())
    if told:
        return told
    try:
        value = read_document(settings).rest["sources"][source_id][name]
    except (SettingsError, KeyError, TypeError):
        return None
    return value if isinstance(value, str) else None
