"""Where one local platform keeps its state: folders, secrets, and the processes it started."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class StackError(Exception):
    """One sentence for the person at the terminal: what is wrong and how to mend it."""


@dataclass(frozen=True)
class Home:
    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def objects(self) -> Path:
        return self.root / "s3"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    def create(self) -> None:
        try:
            for folder in (self.root, self.objects, self.logs, self.run):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StackError(
                f"cannot write to {error.filename}: {error.strerror}; set CLICKMART_HOME to a folder of yours"
            ) from error

    def secret(self, name: str) -> str:
        """A password made on first use and kept in a file only its owner can read."""
        file = self.root / "secrets.json"
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(24)
            write(file, json.dumps(known, indent=2) + "\n")
        return known[name]


def write(file: Path, text: str) -> None:
    """All of it or nothing, whenever a crash comes; only its owner can read it."""
    new = file.with_name(f"{file.name}.new")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(file)


def current() -> Home:
    return Home(Path(os.environ.get("CLICKMART_HOME") or PROJECT / ".clickmart").resolve())
