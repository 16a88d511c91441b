"""The list of deliberate faults follows the code: each finds its text, changes it, and names tests that exist."""

from __future__ import annotations

import pytest

from benchmarks.mutants.desk_faults import DESK_FAULTS
from benchmarks.mutants.erasure_faults import ERASURE_FAULTS
from benchmarks.mutants.export_faults import EXPORT_FAULTS
from benchmarks.mutants.faults import FAULTS, Fault
from benchmarks.mutants.keys_faults import KEYS_FAULTS
from benchmarks.mutants.scale_faults import SCALE_FAULTS
from pipelines.settings import PROJECT_ROOT

ALL = (*FAULTS, *EXPORT_FAULTS, *ERASURE_FAULTS, *KEYS_FAULTS, *DESK_FAULTS, *SCALE_FAULTS)


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_each_fault_changes_one_place_of_todays_code(fault: Fault) -> None:
    text = (PROJECT_ROOT / fault.path).read_text("utf-8")
    assert fault.spoiled(text) != text
    assert all((PROJECT_ROOT / test.partition("::")[0]).is_file() for test in fault.tests)


def test_there_are_at_least_thirty_of_different_names() -> None:
    assert len({fault.name for fault in ALL}) == len(ALL) >= 30
