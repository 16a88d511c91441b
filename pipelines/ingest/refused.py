"""What refuses one file becomes a report of its own, so that the others go on; a full disk ends the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError, UcvError
from pipelines.ingest.report import DeliveryReport
from pipelines.settings import Settings


def guarded(
    contract: Contract, path: Path, settings: Settings, work: Callable[[], DeliveryReport]
) -> DeliveryReport:
    """What `work` on the file reports; what refuses the file becomes a report of its own. UcvError when the disk is full."""
    try:
        return work()
    except DeliveryError as error:
        return DeliveryReport(path.name, "refused", error_code=error.code, error_message=str(error))
    except OSError as error:
        raise _not_stored(contract, path, settings, error.strerror or "") from error
    except duckdb.IOException as error:
        raise _not_stored(
            contract, path, settings, type(error).__name__
        ) from None  # its words may quote a value
    except duckdb.Error as error:
        told = (
            f"{path.name} could not be loaded ({type(error).__name__}); raise memory_limit if it is very large, "
            "else have the file looked at."
        )
        return DeliveryReport(path.name, "refused", error_code="not_loadable", error_message=told)


def _not_stored(contract: Contract, path: Path, settings: Settings, why: str) -> UcvError:
    return UcvError(
        f"{contract.id}: {path.name} could not be stored below {settings.home} ({why}); free space or "
        "mend the disk and run again. Nothing of this file was kept."
    )
