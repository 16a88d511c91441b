"""Objects of an S3-compatible bucket, fetched one at a time into a folder that is removed.

What a delivery was made of (key, etag, size) is noted beside raw, so that the same object is not fetched again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.arrival import Arrival, fetched_name
from pipelines.ingest.credentials import credential
from pipelines.ingest.landing import UNFINISHED
from pipelines.ingest.raw_store import Manifest
from pipelines.ingest.seen_objects import SeenObjects
from pipelines.settings import Settings
from pipelines.storage.spill import temporary_folder

_BLOCK = 1 << 20
_REFUSALS = {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}
_ABSENT = {"404", "NoSuchBucket", "NoSuchKey"}


def fetch_objects(contract: Contract, settings: Settings, manifests: list[Manifest]) -> Iterator[Arrival]:
    """Objects that match the contract's location, oldest first. Raises DeliveryError when the bucket cannot be read."""
    bucket, _, pattern = contract.server.path.removeprefix("s3://").partition("/")
    seen = SeenObjects(contract, settings.home, {str(manifest["delivery_id"]) for manifest in manifests})
    try:
        client = _client(contract, settings)
        for found in _listed(client, bucket, pattern):
            facts = [found["ETag"].strip('"'), found["Size"]]
            # The key is anybody's text.
            name = fetched_name(found["Key"].rpartition("/")[2])
            known_as = seen.delivery_of(found["Key"], facts)
            if known_as:
                arrived_at = found["LastModified"].astimezone(UTC).replace(tzinfo=None)
                yield Arrival(name, None, known_as=known_as, arrived_at=arrived_at)
                continue
            with temporary_folder(settings.home) as folder:
                path = folder / name
                _fetch(client, bucket, found, path, settings)
                yield Arrival(name, path, {"object": found["Key"], "etag": facts[0], "size": facts[1]})
    except (BotoCoreError, ClientError) as error:
        raise _told(contract, bucket, error) from None


def _client(contract: Contract, settings: Settings) -> Any:
    def own(name: str) -> str | None:
        return credential(settings, contract.id, name)

    endpoint = contract.server.endpoint_url
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        # None leaves it to the usual places: AWS_* variables, ~/.aws, the role of the machine.
        aws_access_key_id=own("access_key_id"),
        aws_secret_access_key=own("secret_access_key"),
        aws_session_token=own("session_token"),
        config=Config(
            connect_timeout=10, read_timeout=60, retries={"total_max_attempts": 3},
            s3={"addressing_style": "path" if endpoint else "auto"},
        ),
    )  # fmt: skip


def _listed(client: Any, bucket: str, pattern: str) -> list[dict[str, Any]]:
    fixed = pattern[: min((pattern.find(sign) for sign in "*?[" if sign in pattern), default=len(pattern))]
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=fixed)
    found = [entry for page in pages for entry in page.get("Contents", []) if _matches(entry["Key"], pattern)]
    return sorted(found, key=lambda entry: (entry["LastModified"], entry["Key"]))


def _matches(key: str, pattern: str) -> bool:
    """A * stays within one level, as in landing; hidden and unfinished names are left out."""
    names, patterns = key.split("/"), pattern.split("/")
    if len(names) != len(patterns) or names[-1].startswith(".") or not names[-1]:
        return False
    is_done = not names[-1].lower().endswith(UNFINISHED)
    return is_done and all(map(fnmatchcase, names, patterns))


def _fetch(client: Any, bucket: str, found: dict[str, Any], path: Path, settings: Settings) -> None:
    free = shutil.disk_usage(path.parent).free - settings.min_free_bytes
    if found["Size"] > free:
        raise DeliveryError(
            "no_space",
            f"{path.name} has {found['Size']:,} bytes and {max(free, 0):,} may be used here; "
            "free space, or lower min_free_bytes.",
        )
    # IfMatch: what is read is what was listed, or nothing.
    body = client.get_object(Bucket=bucket, Key=found["Key"], IfMatch=found["ETag"])["Body"]
    with path.open("wb") as file:
        shutil.copyfileobj(body, file, _BLOCK)
    moment = found["LastModified"].timestamp()
    os.utime(path, (moment, moment))


def _told(contract: Contract, bucket: str, error: Exception) -> DeliveryError:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    where = contract.server.endpoint_url or "S3"
    if code in _REFUSALS or isinstance(error, NoCredentialsError):
        names = f"UCV_SOURCE_{contract.id.upper()}_ACCESS_KEY_ID and …_SECRET_ACCESS_KEY"
        return DeliveryError(
            "login_refused", f"{contract.id}: {where} does not let these keys read {bucket}. Set {names}."
        )
    if code in _ABSENT:
        return DeliveryError(
            "not_there", f"{contract.id}: {where} has no bucket or object as in {contract.server.path}."
        )
    return DeliveryError(
        "unreachable", f"{contract.id}: {where} could not be read ({type(error).__name__} {code}); the next run tries again."
    )  # fmt: skip
