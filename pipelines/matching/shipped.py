"""What the specification ships, as the tables that training reads (models identity_match_levels and identity_match_settings)."""

from __future__ import annotations

import pandas as pd

from pipelines.matching.specification import MatchSpecification


def shipped_levels(specification: MatchSpecification) -> pd.DataFrame:
    """One row per field and level: field, level, label, m_default, u_default, is_exact, above, description."""
    return pd.DataFrame(
        {
            "field": comparison.field,
            "level": level.number,
            "label": level.name,
            "m_default": level.m,
            "u_default": level.u,
            "is_exact": bool(level.term_frequency or level.strangers),
            "above": " ".join(level.above) or None,
            "description": level.text,
        }
        for comparison in specification.comparisons
        for level in comparison.levels
    )


def shipped_settings(specification: MatchSpecification) -> pd.DataFrame:
    """One row per setting: setting, value."""
    values = specification.settings.items()
    return pd.DataFrame({"setting": name, "value": value} for name, (value, _) in values)
