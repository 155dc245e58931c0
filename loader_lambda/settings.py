"""The loader's environment, read once at start; what is missing or wrong is named in one line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loader_lambda.windows import DEFAULT_LOOKBACK_HOURS


@dataclass(frozen=True, slots=True)
class Settings:
    bucket: str
    endpoint: str | None
    table: str
    rows_per_batch: int
    lookback_hours: int
    connection: Mapping[str, Any]
    password: str | None = field(repr=False)
    password_parameter: str | None

    def connection_settings(self) -> dict[str, Any]:
        """Asks for the password anew each time, so a changed one needs no new deployment."""
        return {**self.connection, "password": self.password or parameter(self.password_parameter or "")}


def read_settings(environment: Mapping[str, str]) -> Settings:
    password = environment.get("DW_PG_PASSWORD")
    password_parameter = environment.get("DW_PG_PASSWORD_PARAMETER")
    if not password and not password_parameter:
        raise RuntimeError(
            "DW_PG_PASSWORD is not set, nor is DW_PG_PASSWORD_PARAMETER: one of them is needed"
        )
    table = environment.get("TARGET_TABLE") or "raw.events"
    if not re.fullmatch(r"[^.\0]{1,63}(\.[^.\0]{1,63})?", table):
        raise RuntimeError(f"TARGET_TABLE must be a table or schema.table, not {table!r}")
    bucket = required(environment, "RAW_BUCKET_NAME")
    # Old names may be long and in capitals. An address made of anything else would lead elsewhere.
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}", bucket):
        raise RuntimeError(f"RAW_BUCKET_NAME must be the name of an S3 bucket, not {bucket!r}")
    return Settings(
        bucket=bucket,
        endpoint=environment.get("AWS_ENDPOINT_URL_S3"),
        table=table,
        rows_per_batch=number(environment, "MAX_RECORDS_PER_BATCH", default=50_000, least=1),
        lookback_hours=number(environment, "LOOKBACK_HOURS", default=DEFAULT_LOOKBACK_HOURS, least=0),
        connection={
            "host": required(environment, "DW_PG_HOST"),
            "port": number(environment, "DW_PG_PORT", default=5432, least=1),
            "user": required(environment, "DW_PG_USER"),
            "dbname": environment.get("DW_PG_DATABASE") or "clickstream_dw",
            **encryption(environment),
        },
        password=password,
        password_parameter=password_parameter,
    )


def encryption(environment: Mapping[str, str]) -> dict[str, str]:
    wanted = (environment.get("DW_PG_SSL") or "false").strip().lower()
    if wanted not in ("true", "false"):
        raise RuntimeError(f"DW_PG_SSL must be 'true' or 'false', not {wanted!r}")
    root_certificate = environment.get("DW_PG_SSL_ROOT_CERT")
    if wanted == "false":
        return {"sslmode": "prefer"}
    if root_certificate:
        return {"sslmode": "verify-full", "sslrootcert": root_certificate}
    return {"sslmode": "require"}


def required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set: the loader cannot start without it")
    return value


def number(environment: Mapping[str, str], name: str, *, default: int, least: int) -> int:
    value = environment.get(name) or str(default)
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or int(value) < least:
        raise RuntimeError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return int(value)


def parameter(name: str) -> str:
    import boto3  # noqa: PLC0415 - 0.2 s that only those pay who keep their password there

    answer = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(answer["Parameter"]["Value"])
