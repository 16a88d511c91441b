"""Free space of the disk that holds the home."""

from __future__ import annotations

import shutil

from pipelines.errors import UcvError
from pipelines.settings import Settings


def check_space(settings: Settings) -> None:
    """UcvError where fewer than `min_free_bytes` are free: a run that begins on a full disk ends half-way in every store."""
    free = shutil.disk_usage(settings.home).free
    if free < settings.min_free_bytes:
        raise UcvError(
            f"{free:,} bytes are free below {settings.home}; a run needs min_free_bytes of {settings.min_free_bytes:,}. "
            "Free space, or lower min_free_bytes in ucv.toml. Nothing was done."
        )


def check_free(settings: Settings, needed: int) -> None:
    """UcvError unless `needed` bytes fit beside `min_free_bytes`."""
    free = shutil.disk_usage(settings.home).free
    if free < needed + settings.min_free_bytes:
        raise UcvError(
            f"{free:,} bytes are free below {settings.home}; {needed:,} are needed for a while, beside min_free_bytes of "
            f"{settings.min_free_bytes:,}. Free space, or lower keep_versions or min_free_bytes in ucv.toml. Nothing was done."
        )
