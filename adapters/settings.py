"""The engine's settings: one frozen object, read once by whoever composes a process, from `YKIEN_…` and `.env`.

Must not connect, create folders or know rules: it names places, ports and secrets. Secrets are `SecretStr`, so that
no log line or error shows them.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "YKIEN_"

Port = Annotated[int, Field(ge=1, le=65535)]
WEB = r"^https?://[^/\s?#]+(/[^\s?#]*)?$"
Address = Annotated[str, Field(pattern=WEB), AfterValidator(lambda address: address.rstrip("/"))]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


class Profile(StrEnum):
    """Where the process runs: one machine, a training copy of one machine, or a province's own servers."""

    EMBEDDED = "embedded"
    DRILL = "drill"
    PRODUCTION = "production"


def _of_profile(embedded: Any, drill: Any, production: Any) -> Callable[[dict[str, Any]], Any]:
    """A default that depends on the profile; `profile` is the first field, so it is known by then."""
    values = {Profile.EMBEDDED: embedded, Profile.DRILL: drill, Profile.PRODUCTION: production}
    return lambda known: values[known["profile"]]


class WrongSettings(ValueError):  # noqa: N818 - an answer to the installer, not a fault of the program
    """Settings that cannot be used. `problems`: (variable, what is wrong with it); values are never repeated."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{variable}: {message}" for variable, message in problems))
        self.problems = problems


class Settings(BaseSettings):
    """Every setting, in the order an installer meets them. A value given by name beats the environment, `.env` last.

    A drill has its own folder and ports by default, so that it can run beside the real copy.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        # A compose file hands on every variable, set or not: an empty one is not given.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    profile: Profile = Profile.EMBEDDED
    data_dir: Folder = Field(
        default_factory=_of_profile(Path("var"), Path("var/drill"), Path("var")), validate_default=True
    )
    # sqlite+aiosqlite:///PATH or postgresql+asyncpg://USER:PASSWORD@HOST/NAME; secret because of the password.
    database_url: SecretStr = Field(
        default_factory=lambda known: SecretStr(f"sqlite+aiosqlite:///{known['data_dir'] / 'ykien.db'}")
    )

    temporal_address: str = Field(default_factory=_of_profile("127.0.0.1:7233", "127.0.0.1:7234", "127.0.0.1:7233"))
    temporal_namespace: str = "ykien"
    task_queue: str = "nghiep-vu"
    # A folder of keys, one file each: payloads are sealed with the last by name. None: Temporal can read them.
    payload_keys_dir: Folder | None = None

    api_host: str = "127.0.0.1"
    api_port: Port = Field(default_factory=_of_profile(8000, 8001, 8000))
    # Who delivers what waits, receipts and mail: every API process beside its requests, or `ykien relay`.
    relay: Literal["inside", "apart"] = Field(default_factory=_of_profile("inside", "inside", "apart"))

    # None: the rules that come with the code.
    rules_dir: Folder | None = None
    rule_set: str = "mau"
    demo: bool = Field(default_factory=_of_profile(True, True, False))

    # A sign-in to the pages ends after so long without a request, and at the latest after so long.
    session_idle_minutes: int = Field(default=60, ge=1, le=24 * 60)
    session_hours: int = Field(default=12, ge=1, le=24 * 7)

    # Where people reach the pages, for addresses given to others; None: as the request says.
    public_url: Address | None = None
    # None: no single sign-on, only the accounts' own passwords.
    oidc_issuer: Address | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    # Which claim of the ID token names the person, as `accounts.person` does.
    oidc_claim: str = "sub"
    oidc_scopes: str = "openid profile"

    # None: no mail leaves; notices stay in the register.
    smtp_host: str | None = None
    smtp_port: Port = 25
    smtp_from: str = "ykien@localhost"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False

    secret_key_file: Folder = Field(default_factory=lambda known: known["data_dir"] / "secret.key")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    # auto: lines for a person on a terminal, JSON everywhere else.
    log_format: Literal["auto", "json", "console"] = "auto"

    @property
    def drill(self) -> bool:
        """Whether everything made here must be marked DIỄN TẬP."""
        return self.profile is Profile.DRILL

    @property
    def sqlite_path(self) -> Path | None:
        """The register's file, or None where a database server holds it."""
        scheme, _, rest = self.database_url.get_secret_value().partition(":///")
        return Path(rest) if scheme.startswith("sqlite") else None

    @property
    def temporal_port(self) -> int:
        """The port of `temporal_address`."""
        return int(self.temporal_address.rpartition(":")[2])

    @property
    def temporal_host(self) -> str:
        """The host of `temporal_address`."""
        return self.temporal_address.rpartition(":")[0]

    @field_validator("temporal_address")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError("must be HOST:PORT, for example 127.0.0.1:7233")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("must start with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value

    @model_validator(mode="after")
    def _production_is_not_a_trial(self) -> "Settings":
        if self.profile is Profile.PRODUCTION and self.sqlite_path is not None:
            raise ValueError(
                "the production profile needs PostgreSQL: set YKIEN_DATABASE_URL to postgresql+asyncpg://…"
            )
        if self.profile is Profile.PRODUCTION and self.payload_keys_dir is None:
            raise ValueError("the production profile seals what Temporal stores: set YKIEN_PAYLOAD_KEYS_DIR")
        return self

    @model_validator(mode="after")
    def _single_sign_on_is_whole(self) -> "Settings":
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("single sign-on needs the client's name at the provider: set YKIEN_OIDC_CLIENT_ID")
        if self.oidc_issuer and self.profile is Profile.PRODUCTION and not self.oidc_issuer.startswith("https://"):
            raise ValueError(
                "the production profile asks a provider over TLS only: YKIEN_OIDC_ISSUER must be https://…"
            )
        return self

    def environment(self) -> dict[str, str]:
        """These settings as variables for a child process, which then reads exactly what its parent decided."""
        values = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {PREFIX + name.upper(): _plain(value) for name, value in values if value is not None}


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def load_settings(**given: Any) -> Settings:
    """The settings of this process. `given` (from the command line) win; None means "not given".

    Secrets may also lie in files named like the variables in the folder `YKIEN_SECRETS_DIR` names (containers).
    Raises WrongSettings, which names the variables and repeats no value.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(_secrets_dir=os.environ.get(PREFIX + "SECRETS_DIR"), **chosen)
    except ValidationError as error:
        raise WrongSettings(_problems(error)) from None


def _problems(error: ValidationError) -> list[tuple[str, str]]:
    # A default that waits for another field fails with it; only the field itself is worth a line.
    own = [one for one in error.errors(include_input=False) if one["type"] != "default_factory_not_called"]
    return [(PREFIX + str((one["loc"] or ("profile",))[0]).upper(), one["msg"]) for one in own]


def secret_key(settings: Settings) -> SecretStr:
    """The key that signs tokens: at least 32 characters, one line of `secret_key_file`.

    The one-machine profiles make the file (mode 0600) when it is missing; two processes starting at once agree on
    one key. In production a missing or short key is a ValueError: nobody invents a province's key.
    """
    path = settings.secret_key_file
    if not path.exists() and settings.profile is not Profile.PRODUCTION:
        _make_key(path)
    key = path.read_text("ascii").strip() if path.exists() else ""
    if len(key) < 32:
        raise ValueError(f"{path} must hold one line of at least 32 characters; set YKIEN_SECRET_KEY_FILE")
    return SecretStr(key)


def _make_key(path: Path) -> None:
    """Write beside, then link into place: the name appears with its content or not at all, and the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, prefix=path.name) as file:  # mode 0600
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        # Another process of the same start may be first; then its key is the key.
        with suppress(FileExistsError):
            os.link(file.name, path)
