"""An installation to measure: its database, its settings, and its commands, as users start them."""

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from app.core.config import Settings

COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
ROOT = Path(__file__).parents[1]
WITHOUT_LIMITS = "1000000"


@dataclass(frozen=True)
class Installation:
    """A database and a directory for files; the settings are those of production, without limits of rate."""

    url: str
    directory: Path
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def engine(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.url.partition(":")[0]

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return Path(self.url.removeprefix("sqlite:///"))

    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IDEABOX_")}
        return kept | {
            "IDEABOX_ENVIRONMENT": "production",
            "IDEABOX_SECRET_KEY": self.secret,
            "IDEABOX_DATABASE_URL": self.url,
            "IDEABOX_DATA_DIR": str(self.directory),
            "IDEABOX_WRITES_PER_SECOND": WITHOUT_LIMITS,
            "IDEABOX_SIGN_INS_PER_MINUTE": WITHOUT_LIMITS,
            "PYTHONPATH": str(ROOT),
        }

    def settings(self) -> Settings:
        """Return its settings, for what runs in this process."""
        return Settings(
            environment="production",
            secret_key=SecretStr(self.secret),
            database_url=self.url,
            data_dir=self.directory,
            writes_per_second=int(WITHOUT_LIMITS),
            sign_ins_per_minute=int(WITHOUT_LIMITS),
        )

    def call(self, *arguments: str) -> str:
        """Run a command of `ideabox` to its end and return what it said.

        What it logs is kept in a file of the directory.

        Raises: subprocess.CalledProcessError.
        """
        with (self.directory / "commands.log").open("a") as log:
            done = subprocess.run(
                [*COMMAND, *arguments],
                env=self.environment(),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                check=True,
            )
        return done.stdout
