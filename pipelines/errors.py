"""The base error and the few subclasses that callers react to differently.

Messages say what was received, what was expected and what to do next. They name sources, files, columns and record ids,
never a personal value.
"""

from __future__ import annotations


class UcvError(Exception):
    """Base of every error that this project raises on purpose; the command prints it without a traceback (exit 1)."""

    exit_code = 1


class SettingsError(UcvError):
    """A setting, home or key file is missing or unusable: nothing was started (exit 2)."""

    exit_code = 2


class ContractError(UcvError):
    """A contract is broken: its own source is left out, the others go on (`ucv check` exits 2)."""

    exit_code = 2


class DeliveryError(UcvError):
    """A delivered file is refused as a whole: earlier raw is kept, the others go on.

    `code` is the stable reason code shown in the check, such as `duplicate_header`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class GateError(UcvError):
    """A quality gate failed: readers keep the last good version."""


class PublishError(UcvError):
    """A version could not be written, verified or switched: readers keep the last good version."""
