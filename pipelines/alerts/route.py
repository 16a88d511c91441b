"""Where alerts go: an address, its form, and whose checks it wants to hear of. One `[[alerts]]` of ucv.toml each."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator

from pipelines.errors import SettingsError
from pipelines.quality.results import SEVERITIES


class AlertRoute(BaseModel):
    """`url`, or the environment variable `url_env` that holds it, is never written anywhere: it may be a secret.

    `owners` empty: everybody's checks. `severity` is the least that counts: info, warn or fail.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: SecretStr | None = None
    url_env: str | None = None
    form: Literal["json", "slack"] = "json"
    owners: tuple[str, ...] = ()
    severity: Literal["info", "warn", "fail"] = "fail"

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_web_address(value.get_secret_value()):
            raise ValueError("expected an address such as https://host/path")
        return value

    @model_validator(mode="after")
    def _one_address(self) -> AlertRoute:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("expected either url or url_env, the variable that holds it")
        return self

    @property
    def id(self) -> str:
        """Stands for the route in files; tells nothing of its address."""
        place = self.url_env or (self.url.get_secret_value() if self.url else "")
        told = [place, self.form, sorted(self.owners), self.severity]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    @property
    def address(self) -> str | None:
        """The address to post to; None where the environment variable is not set or holds none."""
        value = self.url.get_secret_value() if self.url else os.environ.get(self.url_env or "", "")
        return value if is_web_address(value) else None

    def wants(self, owner: str, severity: str) -> bool:
        is_owned = not self.owners or owner in self.owners
        return is_owned and SEVERITIES.index(severity) >= SEVERITIES.index(self.severity)


def is_web_address(value: str) -> bool:
    """Whether `value` is an http or https address with a host, without a user's name, a blank or a control sign."""
    try:
        parts = urlsplit(value)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_clean = value.isascii() and not any(sign.isspace() or not sign.isprintable() for sign in value)
    is_plain = bool(parts.hostname) and parts.username is None
    return parts.scheme in ("http", "https") and is_plain and port_fits and is_clean


def check_routes(routes: tuple[AlertRoute, ...]) -> None:
    """Raises SettingsError where the environment lacks an address, before a night would find nobody to tell."""
    for number, route in enumerate(routes, 1):
        if route.address is None:
            raise SettingsError(
                f"Alert {number} of ucv.toml takes its address from {route.url_env}, which is not set to one such as "
                "https://host/path; set it for this process, or remove the alert."
            )
