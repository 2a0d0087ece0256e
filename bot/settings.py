"""Settings: the environment, and a `.env` file under it, read once and frozen.

Each field's description says what its variable takes, and a wrong value is answered with just that.
The value is never repeated: one day somebody will paste the token into the wrong line.
"""

import difflib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

PREFIX: Final = "SPRUNG_"
_PACKAGE: Final = Path(__file__).resolve().parent
_CHECKOUT: Final = _PACKAGE.parent
_WEBHOOK_PORTS: Final = (None, 80, 88, 443, 8443)  # Telegram calls no others
_ADDRESS: Final = re.compile(r"(?:(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):)?(\d{1,5})")


Network = IPv4Network | IPv6Network


class SettingsError(Exception):
    """A setting that cannot be used; the message is one line that names it and what it takes."""


class Address(NamedTuple):
    """Where the bot listens; port 0 lets the system choose a free one."""

    host: str
    port: int


class _RefusedError(ValueError):
    """A refusal with words of its own, to stand after the variable's name."""


def _token(text: str) -> SecretStr:
    return SecretStr(_matching(r"\d{1,20}:[A-Za-z0-9_-]{3,200}", text))


def _webhook_secret(text: str) -> SecretStr:
    return SecretStr(_matching(r"[A-Za-z0-9_-]{1,256}", text))


def _api_url(text: str) -> str:
    parts = urlsplit(text.rstrip("/"))
    is_server = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    if not is_server or parts.username or parts.query or parts.fragment or "/bot" in parts.path:
        raise ValueError
    return text.rstrip("/")


def _webhook_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.port not in _WEBHOOK_PORTS:
        raise ValueError
    return text


def _webhook_from(text: str) -> tuple[Network, ...]:
    if text == "telegram":
        return ()
    with suppress(ValueError):  # whose text repeats the value
        return tuple(ip_network(part) for part in re.split(r"[,\s]+", text.strip(", ")))
    raise ValueError


def _database_url(text: str) -> str:
    if text.startswith("postgres"):
        raise _RefusedError("names postgresql, which this release does not support; leave it out")
    return _matching(r"sqlite:///[^?]*[^?/:]", text)


def _folders(text: str) -> tuple[Path, ...]:
    folders = tuple(Path(part).expanduser() for part in text.split(os.pathsep) if part)
    if not all(folder.is_dir() for folder in folders):
        raise ValueError
    return folders


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    if folder.exists() and not folder.is_dir():
        raise ValueError
    return folder


def _owners(text: str) -> frozenset[int]:
    parts = re.split(r"[,\s]+", text.strip(", "))
    return frozenset(int(_matching(r"[1-9]\d{0,18}", part)) for part in parts)


def _listen(text: str) -> Address | None:
    if not text:
        return None
    match = _ADDRESS.fullmatch(text)
    if match is None or int(match[3]) > 65_535:
        raise ValueError
    return Address(match[1] or match[2] or "127.0.0.1", int(match[3]))


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError
    return text


class Settings(BaseModel):
    """What the environment says. `load_settings` makes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: Annotated[SecretStr | None, BeforeValidator(_token)] = Field(
        None, description="a bot token as BotFather gives it: digits, a colon, letters and digits"
    )
    api_url: Annotated[str, BeforeValidator(_api_url)] = Field(
        "https://api.telegram.org",
        description="the address of a Bot API server: http://host:port or https://host",
    )
    database_url: Annotated[str | None, BeforeValidator(_database_url)] = Field(
        None, description="sqlite:/// and the path of a file; an absolute path makes four slashes"
    )
    data: Annotated[Path, BeforeValidator(_folder)] = Field(
        description="a folder, for the database and the recordings"
    )
    banks: Annotated[tuple[Path, ...], BeforeValidator(_folders)] = Field(
        (),
        description=f"folders with more question banks, which exist, joined by {os.pathsep}",
    )
    owners: Annotated[frozenset[int], BeforeValidator(_owners)] = Field(
        frozenset(), description="Telegram user ids, numbers separated by commas"
    )
    access: Literal["open", "invite"] = Field("open", description="open or invite")
    webhook_url: Annotated[str | None, BeforeValidator(_webhook_url)] = Field(
        None, description="an https:// address with port 443, 80, 88 or 8443"
    )
    webhook_secret: Annotated[SecretStr | None, BeforeValidator(_webhook_secret)] = Field(
        None, description="1 to 256 characters of A-Z, a-z, 0-9, _ and -"
    )
    webhook_from: Annotated[tuple[Network, ...] | None, BeforeValidator(_webhook_from)] = Field(
        None,
        description="telegram, to take requests from Telegram's addresses only; or the addresses of"
        " your proxies, which add the caller's to X-Forwarded-For",
    )
    listen: Annotated[Address | None, BeforeValidator(_listen)] = Field(
        Address("127.0.0.1", 0), description="host:port, or nothing at all to listen nowhere"
    )
    clock_speed: float = Field(
        1.0, gt=0, le=1_000_000, allow_inf_nan=False, description="a number above 0, up to 1000000"
    )
    seed: int | None = Field(None, description="a whole number")
    log: Annotated[Literal["debug", "info", "warning"], BeforeValidator(str.lower)] = Field(
        "info", description="debug, info or warning"
    )
    strangers: tuple[str, ...] = ()

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        if self.database_url is None:
            return self.data / "sprung.db"
        return Path(self.database_url.removeprefix("sqlite:///")).expanduser()

    @property
    def media_folder(self) -> Path:
        """Where recordings are kept: beside the database."""
        return self.database_path.parent / "media"

    @property
    def exports_folder(self) -> Path:
        """Where exports and pictures wait until they are sent."""
        return self.database_path.parent / "exports"

    @property
    def fonts_folder(self) -> Path:
        """Where the child that draws keeps what it knows of its letters."""
        return self.database_path.parent / "fonts"

    @property
    def erasures_file(self) -> Path:
        """Where it is remembered who was erased: among the backups, and moved along with them."""
        return self.database_path.parent / "backups" / "erased"

    @property
    def bank_folders(self) -> tuple[Path, ...]:
        """The shipped banks, then the others."""
        return (shipped_banks(), *self.banks)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be in no log."""
        given = (self.token, self.webhook_secret)
        return tuple(secret.get_secret_value() for secret in given if secret is not None)

    @property
    def unknown(self) -> list[str]:
        """One sentence for each SPRUNG_ variable that is no setting, with the nearest that is."""
        return [_stranger(name) for name in self.strangers]


def variables() -> dict[str, str]:
    """Every variable, and what it takes."""
    fields = Settings.model_fields.items()
    return {PREFIX + name.upper(): field.description for name, field in fields if field.description}


def load_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """The settings in `environ`, and in `env_file` where `environ` says nothing.

    A file that is not there is an empty one. An empty value counts as not given, but for LISTEN,
    where it means nowhere. Raises SettingsError.
    """
    given = {
        name: value.strip()
        for name, value in {**_from_file(env_file), **environ}.items()
        if name.upper().startswith(PREFIX)
    }
    known = variables()
    values: dict[str, object] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in given.items()
        if name in known and (value or name == f"{PREFIX}LISTEN")
    }
    values.setdefault("data", str(_default_data(environ)))
    try:
        settings = Settings.model_validate(
            values | {"strangers": tuple(sorted(given.keys() - known))}
        )
    except ValidationError as error:
        raise SettingsError(_one_line(error.errors()[0])) from None  # its text repeats the value
    _check_webhook(settings)
    return settings


def shipped_banks() -> Path:
    """The folder of the banks that come with the program: in a checkout, or inside the wheel."""
    checkout = _CHECKOUT / "question_banks"
    return checkout if checkout.is_dir() else _PACKAGE / "_question_banks"


def _default_data(environ: Mapping[str, str]) -> Path:
    """`data` in a checkout; for an installed program the user's own data folder."""
    if (_CHECKOUT / "question_banks").is_dir():
        return _CHECKOUT / "data"
    shared = environ.get("XDG_DATA_HOME")
    return (Path(shared) if shared else Path.home() / ".local" / "share") / "sprung"


def _from_file(env_file: Path | None) -> dict[str, str]:
    if env_file is None:
        return {}
    try:
        values = dotenv_values(env_file, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{env_file} cannot be read: {type(error).__name__}") from error
    return {name: value for name, value in values.items() if value is not None}


def _one_line(error: ErrorDetails) -> str:
    name = PREFIX + str(error["loc"][0]).upper()
    reason = error.get("ctx", {}).get("error")
    return f"{name} {reason}" if isinstance(reason, _RefusedError) else _takes(name)


def _takes(name: str) -> str:
    return f"{name} takes {variables()[name]}"


def _check_webhook(settings: Settings) -> None:
    if settings.webhook_url is None:
        return
    if settings.webhook_secret is None:
        raise SettingsError(f"SPRUNG_WEBHOOK_URL needs a secret: {_takes('SPRUNG_WEBHOOK_SECRET')}")
    if settings.listen is None or settings.listen.port == 0:
        raise SettingsError(
            "SPRUNG_WEBHOOK_URL needs a port of its own: SPRUNG_LISTEN takes host:port, where your"
            " proxy passes Telegram's requests on to"
        )


def _stranger(name: str) -> str:
    nearest = difflib.get_close_matches(name.upper(), variables(), n=1, cutoff=0.0)
    return f"{name} is not a setting; the nearest is {nearest[0]}"
