"""Settings from the environment (`IDEABOX_*`), validated at start."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only-secret-never-use-it-elsewhere"  # noqa: S105  refused outside development
MIN_SECRET_LENGTH = 32


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"{name!r} is not an IANA time zone"
        raise ValueError(message) from error
    return name


class Settings(BaseSettings):
    """Every setting of an installation, with what it means."""

    model_config = SettingsConfigDict(env_prefix="IDEABOX_", extra="ignore", frozen=True)

    environment: Literal["development", "test", "production"] = Field(
        "production",
        description="`development` allows default secrets and `ideabox dev`; `production` does not.",
    )
    database_url: str = Field(
        "sqlite:///var/ideabox.db", description="`sqlite:///path` or `postgresql://user:password@host/base`."
    )
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET),
        description="At least 32 random characters; signs tokens and cursors. The default is for development only.",
    )
    previous_secret_keys: list[SecretStr] = Field(
        [], description="Earlier secret keys (JSON list) whose tokens are still accepted during a rotation."
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="Public address of the installation, without a slash."
    )
    data_dir: Path = Field(
        Path("var"), description="Directory for files: job state on SQLite, anchors, uploads."
    )
    company_name: str = Field("Ideabox", description="Name of the company as people know it.")
    company_timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Europe/Paris", description="IANA zone whose days cap the points and date the figures."
    )
    company_region: str = Field(
        "FR",
        pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$",
        description="Region of ISO 3166 (`FR`, `DE-BY`) whose public holidays stop the clock where no calendar is "
        "set; empty for none.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged."
    )
    access_token_seconds: int = Field(600, ge=60, le=3600, description="Life of an access token, in seconds.")
    session_idle_days: int = Field(30, ge=1, le=365, description="A session unused for so long ends.")
    session_absolute_days: int = Field(
        180, ge=1, le=730, description="Every session ends after so many days."
    )
    sign_in_state_seconds: float = Field(
        0.5,
        ge=0,
        le=1,
        description="How long a verified sign-in may be trusted before its state is read again.",
    )
    read_connections: int = Field(6, ge=1, le=100, description="Connections of one process for reading.")
    write_connections: int = Field(
        4, ge=1, le=100, description="Connections of one process for writing (PostgreSQL)."
    )
    connection_wait_seconds: float = Field(
        5.0, gt=0, le=60, description="How long a request waits for a connection before it is told to retry."
    )
    statement_timeout_ms: int = Field(
        5000, ge=100, description="Longest statement of a request (PostgreSQL)."
    )
    lock_timeout_ms: int = Field(3000, ge=100, description="Longest wait for a row lock (PostgreSQL).")
    writes_per_second: int = Field(
        50, ge=1, description="Writes that one signed-in person may make in a second."
    )
    sign_ins_per_minute: int = Field(
        600, ge=1, description="Calls before sign-in that one network address may make in a minute."
    )
    live_connections: int = Field(
        12_000,
        ge=0,
        description="Live connections (`GET /events`) that one process keeps, if it may open so many files; "
        "whoever comes then is told to come back.",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="Reverse proxies in front whose X-Forwarded-For counts."
    )
    hash_concurrency: int = Field(
        2, ge=1, le=64, description="Password hashes computed at the same time (19 MiB each)."
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server: `smtp://user:password@host:587` (encrypted where offered, always for a password), "
        "`smtps://…`, or `console:`. Without one no mail is sent; in development it goes to the console.",
    )
    mail_from: str | None = Field(
        None, description="Sender of mails, `Name <address>`; needed with a mail server."
    )
    vapid_subject: str | None = Field(
        None,
        description="Whom push services may write to about web push, `mailto:…` or `https://…`; without it the base "
        "URL if that is `https:`, else there is no web push.",
    )
    vapid_private_key: SecretStr | None = Field(
        None,
        description="Private key of web push, 32 bytes in base64url. Without one it is made of the secret key, and "
        "browsers have to subscribe again when that changes.",
    )
    outbound_allow: list[str] = Field(
        [],
        description='Names and networks (JSON list, `["chat.intranet", "10.1.0.0/16"]`) that webhooks and chats may '
        "be in although they are not on the public internet.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="What a monitor sends as `Authorization: Bearer …` to read `/health/metrics`, 16 "
        "characters or more; without one there are no metrics.",
    )
    reports_to_moderation: int = Field(
        2, ge=1, le=50, description="Reports by as many people that bring something to a moderator."
    )
    keep_days: dict[str, int] = Field(
        {},
        description='How many days classes of data are kept where that is not the default (JSON, `{"events": 365}`); '
        "the classes and their limits are in retention.md.",
    )
    max_body_bytes: int = Field(1_048_576, ge=1024, description="Largest request body, in bytes.")
    max_import_bytes: int = Field(33_554_432, ge=1024, description="Largest directory file, in bytes.")

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if self.environment == "production" and secret == DEVELOPMENT_SECRET:
            message = "IDEABOX_SECRET_KEY must be set outside development (32 random characters or more)"
            raise ValueError(message)
        if len(secret) < MIN_SECRET_LENGTH:
            message = "IDEABOX_SECRET_KEY is shorter than 32 characters"
            raise ValueError(message)
        if not self.database_url.startswith(("sqlite:///", "postgresql://")):
            message = "IDEABOX_DATABASE_URL must begin with sqlite:/// or postgresql://"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _refuse_half_a_channel(self) -> Self:
        server = self.smtp_url.get_secret_value() if self.smtp_url else ""
        if server and not server.startswith(("smtp://", "smtps://", "console:")):
            message = "IDEABOX_SMTP_URL must begin with smtp://, smtps:// or console:"
            raise ValueError(message)
        if server.startswith("smtp") and not self.mail_from:
            message = "IDEABOX_MAIL_FROM must be set with IDEABOX_SMTP_URL"
            raise ValueError(message)
        if self.vapid_subject and not self.vapid_subject.startswith(("mailto:", "https://")):
            message = "IDEABOX_VAPID_SUBJECT must begin with mailto: or https://"
            raise ValueError(message)
        return self

    @cached_property
    def on_sqlite(self) -> bool:
        """Whether the database is one SQLite file, served by one process."""
        return self.database_url.startswith("sqlite")

    @cached_property
    def sqlite_path(self) -> Path:
        """The SQLite file (only meaningful when `on_sqlite`)."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @cached_property
    def secret(self) -> str:
        """The secret key in clear, for the code that derives keys from it."""
        return self.secret_key.get_secret_value()


class UnusableSettings(Exception):
    """The environment does not make a usable installation; the text says which variable and why."""


def load() -> Settings:
    """Read the settings from the environment.

    Raises: UnusableSettings, with a line for each wrong variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = (
                "IDEABOX_" + "_".join(str(part) for part in problem["loc"]).upper() if problem["loc"] else ""
            )
            lines.append(f"{name}: {problem['msg']}".lstrip(": "))
        raise UnusableSettings("\n".join(lines)) from error
