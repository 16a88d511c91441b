"""Who logs in at a source's server: from the environment, else from the home's key file; never from a contract."""

from __future__ import annotations

import json
import os

from pipelines.settings import Settings


def credential(settings: Settings, source_id: str, name: str) -> str | None:
    """`name` (user, password, access_key_id, secret_access_key, session_token) of a source; None where nobody set it.

    The environment's UCV_SOURCE_<ID>_<NAME> wins over {"sources": {"<id>": {"<name>": …}}} in the key file.
    """
    told = os.environ.get(f"UCV_SOURCE_{source_id}_{name}".upper())
    if told:
        return told
    try:
        stored = json.loads(settings.key_path.read_text(encoding="utf-8"))
        value = stored["sources"][source_id][name]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return value if isinstance(value, str) else None
