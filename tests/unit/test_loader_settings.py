"""The loader says at start, in one line, which variable is missing or wrong."""

import subprocess
import sys

import pytest

from loader_lambda.settings import read_settings

COMPLETE = {
    "RAW_BUCKET_NAME": "raw",
    "DW_PG_HOST": "127.0.0.1",
    "DW_PG_USER": "clickmart_loader",
    "DW_PG_PASSWORD": "secret",
}


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_missing_is_named_at_start(name, value):
    environment = {key: text for key, text in {**COMPLETE, name: value}.items() if text is not None}
    done = subprocess.run(
        [sys.executable, "-c", "import loader_lambda.handler"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    last_line = done.stderr.splitlines()[-1]
    assert last_line.startswith(f"RuntimeError: {name} is not set")


def test_a_cold_start_imports_no_aws_library():
    code = "import sys, loader_lambda.handler; assert not {'boto3', 'botocore'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], env=COMPLETE, check=True)


def test_defaults():
    settings = read_settings(COMPLETE)
    assert (settings.table, settings.rows_per_batch, settings.lookback_hours) == ("raw.events", 50_000, 3)
    assert settings.endpoint is None
    assert settings.connection_settings() == {
        "host": "127.0.0.1",
        "port": 5432,
        "user": "clickmart_loader",
        "dbname": "clickstream_dw",
        "sslmode": "prefer",
        "password": "secret",
    }


def test_what_is_empty_counts_as_unset():
    names = ("DW_PG_PORT", "DW_PG_DATABASE", "DW_PG_SSL", "DW_PG_SSL_ROOT_CERT", "TARGET_TABLE")
    names += ("MAX_RECORDS_PER_BATCH", "LOOKBACK_HOURS", "DW_PG_PASSWORD_PARAMETER")
    empty = read_settings({**COMPLETE, **dict.fromkeys(names, "")})
    assert empty.connection_settings() == read_settings(COMPLETE).connection_settings()
    assert (empty.table, empty.rows_per_batch, empty.lookback_hours) == ("raw.events", 50_000, 3)


WRONG = {
    "DW_PG_PORT": ["0", "-1", "five", "54.32", " "],
    "MAX_RECORDS_PER_BATCH": ["0", "-5", "many", "1e3", "٣"],
    "LOOKBACK_HOURS": ["-1", "three", "1.5"],
    "DW_PG_SSL": ["yes", "1", "require"],
    "TARGET_TABLE": ["a.b.c", "raw.", ".events", "x" * 64],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_what_is_wrong_is_named(name, value):
    with pytest.raises(RuntimeError, match=f"^{name} must be") as raised:
        read_settings({**COMPLETE, name: value})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DW_PG_SSL": "false"}, {"sslmode": "prefer"}),
        ({"DW_PG_SSL": "True"}, {"sslmode": "require"}),
        (
            {"DW_PG_SSL": "true", "DW_PG_SSL_ROOT_CERT": "/ca.pem"},
            {"sslmode": "verify-full", "sslrootcert": "/ca.pem"},
        ),
    ],
)
def test_encryption(environment, expected):
    connection = read_settings({**COMPLETE, **environment}).connection
    assert {name: value for name, value in connection.items() if name.startswith("ssl")} == expected


def test_no_password_is_shown_with_the_settings():
    assert "secret" not in repr(read_settings(COMPLETE))
