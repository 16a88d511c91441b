"""Fields whose values change with every release or are put together freely have no classes to compare from delivery to delivery."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest

from pipelines.contracts.fields import fields_of
from pipelines.quality.classes import class_sql

CONTRACT = SimpleNamespace(kind="registration", column=lambda name: None)


@pytest.mark.parametrize(
    ("field", "has_classes"), [("user_agent", False), ("psychographics", False), ("membership_tier", True)]
)
def test_user_agents_and_lists_of_words_have_no_classes(field: str, has_classes: bool) -> None:
    found = class_sql(fields_of("registration")[field], CONTRACT, datetime(2026, 1, 1), "salt")  # type: ignore[arg-type]
    assert (found is not None) is has_classes
