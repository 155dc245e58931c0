"""How the loader reaches PostgreSQL: encrypted where it must be, with a password from where it is kept."""

import json
import os
import subprocess
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg
import pytest

from loader_lambda.settings import read_settings
from loader_lambda.warehouse import connect
from local_stack.postgres import Server, embedded_binaries, set_password
from local_stack.processes import any_free_port

BINARIES = {"postgres-18": embedded_binaries(), "postgres-15": Path("/usr/lib/postgresql/15/bin")}


def knows_tls(binaries):
    program = binaries / "postgres"
    return (
        program.exists()
        and b"ssl_cert_file" in program.read_bytes()
        and b"SSL_CTX_new" in program.read_bytes()
    )


def certificate(folder, name):
    files = (folder / f"{name}.crt", folder / f"{name}.key")
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=warehouse",
            ),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-out", str(files[0]), "-keyout", str(files[1])),
        ],
        check=True,
        capture_output=True,
    )
    return files


@pytest.fixture(scope="module", params=[name for name in BINARIES if knows_tls(BINARIES[name])])
def encrypted(request, tmp_path_factory):
    """The settings of a server with a certificate, with its certificate and another."""
    folder = tmp_path_factory.mktemp("certificates")
    port, password = any_free_port(taken=()), uuid.uuid4().hex
    # A short path of its own, as other servers of the tests have.
    server = Server(
        data=tmp_path_factory.mktemp("encrypted") / "data",
        port=port,
        superuser_password=password,
        binaries=BINARIES[request.param],
    )
    server.create()
    for file in certificate(folder, "server"):
        target = server.data / file.name
        target.touch(mode=0o600)
        target.write_bytes(file.read_bytes())
        owner = (server.data / "PG_VERSION").stat()
        os.chown(target, owner.st_uid, owner.st_gid)
    server.start({"ssl": "on", "fsync": "off"})
    other, _ = certificate(folder, "other")
    environment = {
        "RAW_BUCKET_NAME": "raw",
        "DW_PG_HOST": "127.0.0.1",
        "DW_PG_PORT": str(port),
        "DW_PG_USER": "postgres",
        "DW_PG_PASSWORD": password,
        "DW_PG_DATABASE": "postgres",
    }
    yield environment, str(folder / "server.crt"), str(other)
    server.stop()


def is_encrypted(environment):
    with connect(read_settings(environment).connection_settings()) as connection:
        return connection.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchone()[0]


def test_the_certificate_is_verified_where_one_is_given(encrypted):
    environment, root, other = encrypted
    assert is_encrypted({**environment, "DW_PG_SSL": "true", "DW_PG_SSL_ROOT_CERT": root})
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        is_encrypted({**environment, "DW_PG_SSL": "true", "DW_PG_SSL_ROOT_CERT": other})
    with pytest.raises(psycopg.OperationalError, match='does not match host name "localhost"'):
        is_encrypted(
            {
                **environment,
                "DW_PG_HOST": "localhost",
                "DW_PG_SSL": "true",
                "DW_PG_SSL_ROOT_CERT": root,
            }
        )


def test_without_a_certificate_the_connection_is_encrypted_all_the_same(encrypted):
    environment, _, _ = encrypted
    assert is_encrypted({**environment, "DW_PG_SSL": "true"})


def test_a_server_without_encryption_is_refused(warehouse, bucket):
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    assert not is_encrypted(environment)
    with pytest.raises(psycopg.OperationalError, match="does not support SSL"):
        is_encrypted({**environment, "DW_PG_SSL": "true"})


@pytest.fixture
def parameter_store():
    """Stands in for AWS Systems Manager: remembers what it was asked, answers with what it holds."""
    asked, held = [], {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.headers["X-Amz-Target"], question))
            body = json.dumps(
                {"Parameter": {"Name": question["Name"], "Value": held[question["Name"]]}}
            ).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked, held
        server.shutdown()
        thread.join()


def test_the_password_may_be_kept_as_a_parameter(bucket, warehouse, import_with, parameter_store):
    endpoint, asked, held = parameter_store
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    held["/clickmart/loader"] = environment.pop("DW_PG_PASSWORD")
    environment |= {
        "DW_PG_PASSWORD_PARAMETER": "/clickmart/loader",
        "AWS_ENDPOINT_URL_SSM": endpoint,
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    bucket.put("events/2026/01/05/10/a.json", b"{}")
    handler = import_with("loader_lambda.handler", environment).handler
    assert asked == []

    assert handler({"overridePrefix": "events/2026/"})["inserted"] == 1

    assert asked == [("AmazonSSM.GetParameter", {"Name": "/clickmart/loader", "WithDecryption": True})]
    held["/clickmart/loader"] = "changed"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        handler({})
    with warehouse.server.connect() as superuser:
        set_password(superuser, "clickmart_loader", "changed")
    assert handler({"overridePrefix": "events/2026/"})["skipped"] == 1
