import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import settings as module
from bot.settings import Address, Settings, SettingsError, load_settings, variables

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake1"
HOOK = {
    "SPRUNG_WEBHOOK_URL": "https://bot.example.com/hook",
    "SPRUNG_WEBHOOK_SECRET": "s3cret_-",
    "SPRUNG_LISTEN": "0.0.0.0:8080",
}


def refusal_of(**environ: str) -> str:
    """What load_settings says to these variables, given without their prefix."""
    with pytest.raises(SettingsError) as caught:
        load_settings({f"SPRUNG_{name}": value for name, value in environ.items()}, None)
    return str(caught.value)


def given(**environ: str) -> Settings:
    """The settings of these variables, given without their prefix."""
    return load_settings({f"SPRUNG_{name}": value for name, value in environ.items()}, None)


def test_nothing_needs_to_be_set() -> None:
    """With an empty environment every setting has its documented default."""
    settings = load_settings({}, None)
    checkout = Path(module.__file__).parents[1]
    assert settings.token is None
    assert settings.api_url == "https://api.telegram.org"
    assert settings.data == checkout / "data"
    assert settings.database_path == checkout / "data" / "sprung.db"
    assert settings.media_folder == checkout / "data" / "media"
    assert settings.bank_folders == (checkout / "question_banks",)
    assert settings.owners == frozenset()
    assert settings.access == "open"
    assert (settings.webhook_url, settings.webhook_secret) == (None, None)
    assert settings.listen == Address("127.0.0.1", 0)
    assert (settings.clock_speed, settings.seed, settings.log) == (1.0, None, "info")
    assert (settings.secrets, settings.unknown) == ((), [])


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    """Each variable reaches its field, read as what it means."""
    banks = [tmp_path / "one", tmp_path / "two"]
    for folder in banks:
        folder.mkdir()
    settings = load_settings(
        HOOK
        | {
            "SPRUNG_TOKEN": f" {TOKEN} ",
            "SPRUNG_API_URL": "http://127.0.0.1:8081/",
            "SPRUNG_DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere/my.db",
            "SPRUNG_DATA": str(tmp_path / "data"),
            "SPRUNG_BANKS": os.pathsep.join(map(str, banks)),
            "SPRUNG_OWNERS": "1001, 1002 1003,",
            "SPRUNG_ACCESS": "invite",
            "SPRUNG_CLOCK_SPEED": "600",
            "SPRUNG_SEED": "-7",
            "SPRUNG_LOG": "DEBUG",
        },
        None,
    )
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert settings.api_url == "http://127.0.0.1:8081"
    assert settings.database_path == tmp_path / "elsewhere" / "my.db"
    assert settings.media_folder == tmp_path / "elsewhere" / "media"
    assert settings.data == tmp_path / "data"
    assert settings.bank_folders[1:] == tuple(banks)
    assert settings.owners == {1001, 1002, 1003}
    assert settings.access == "invite"
    assert settings.webhook_url == HOOK["SPRUNG_WEBHOOK_URL"]
    assert settings.listen == Address("0.0.0.0", 8080)
    assert (settings.clock_speed, settings.seed, settings.log) == (600.0, -7, "debug")
    assert settings.secrets == (TOKEN, "s3cret_-")


WRONG = [
    ("TOKEN", "hello"),
    ("TOKEN", "123456789"),
    ("API_URL", "api.telegram.org"),
    ("API_URL", "ftp://api.telegram.org"),
    ("API_URL", "https://api.telegram.org:99999"),
    ("API_URL", "https://me:pass@api.telegram.org"),
    ("API_URL", f"https://api.telegram.org/bot{TOKEN}"),
    ("DATABASE_URL", "mysql://localhost/sprung"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATA", __file__),
    ("BANKS", "/no/such/folder"),
    ("OWNERS", "@ann"),
    ("OWNERS", "0"),
    ("OWNERS", ","),
    ("ACCESS", "closed"),
    ("WEBHOOK_URL", "http://bot.example.com"),
    ("WEBHOOK_URL", "https://bot.example.com:4443"),
    ("WEBHOOK_URL", "https://bot.example.com:99999"),
    ("WEBHOOK_FROM", "anybody"),
    ("WEBHOOK_FROM", "10.0.0.1/8"),
    ("WEBHOOK_SECRET", "schön"),
    ("WEBHOOK_SECRET", "x" * 257),
    ("LISTEN", "localhost"),
    ("LISTEN", "localhost:65536"),
    ("LISTEN", "http://localhost:80"),
    ("CLOCK_SPEED", "0"),
    ("CLOCK_SPEED", "fast"),
    ("CLOCK_SPEED", "inf"),
    ("SEED", "lucky"),
    ("LOG", "trace"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_answered_in_one_line(name: str, value: str) -> None:
    """A wrong value is answered with one line: the variable, what it takes, and not the value."""
    said = refusal_of(**{name: value})
    assert said == f"SPRUNG_{name} takes {variables()[f'SPRUNG_{name}']}"
    assert "\n" not in said


def test_a_token_in_the_wrong_place_is_not_repeated() -> None:
    """Whichever variable the token was pasted into, no error repeats it, not even a traceback."""
    for variable in variables():
        environ = {**HOOK, variable: TOKEN}
        try:
            load_settings(environ, None)
        except SettingsError as error:
            told = f"{error!r} {error.__context__!r} {error.__cause__!r}"
            assert TOKEN.split(":")[1] not in told, variable


def test_the_settings_do_not_show_their_secrets() -> None:
    """Printing the settings shows neither the token nor the webhook's secret."""
    shown = f"{load_settings(HOOK | {'SPRUNG_TOKEN': TOKEN}, None)!r}"
    assert TOKEN not in shown
    assert "s3cret_-" not in shown


def test_postgresql_is_not_supported_yet() -> None:
    """A PostgreSQL address is answered with a line of its own, without its password."""
    said = refusal_of(DATABASE_URL="postgresql://ann:geheim@db/sprung")
    assert said == (
        "SPRUNG_DATABASE_URL names postgresql, which this release does not support; leave it out"
    )


@pytest.mark.parametrize(
    ("missing", "named"),
    [("SPRUNG_WEBHOOK_SECRET", "SPRUNG_WEBHOOK_SECRET"), ("SPRUNG_LISTEN", "SPRUNG_LISTEN")],
)
def test_a_webhook_needs_a_secret_and_a_port(missing: str, named: str) -> None:
    """A webhook without a secret, or without a port that is known beforehand, is refused."""
    environ = {name: value for name, value in HOOK.items() if name != missing}
    with pytest.raises(SettingsError, match=f"SPRUNG_WEBHOOK_URL needs .*{named} takes"):
        load_settings(environ, None)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", None),
        ("8080", Address("127.0.0.1", 8080)),
        ("localhost:0", Address("localhost", 0)),
        ("[::1]:8080", Address("::1", 8080)),
    ],
)
def test_listening_can_be_turned_off_or_placed(text: str, address: Address | None) -> None:
    """An empty LISTEN listens nowhere, a port alone on the loopback interface."""
    assert given(LISTEN=text).listen == address


def test_an_empty_value_is_not_a_value() -> None:
    """Apart from LISTEN, an empty variable is one that is not given."""
    settings = given(**dict.fromkeys(["TOKEN", "DATA", "OWNERS", "SEED", "LOG"], ""))
    assert settings == load_settings({}, None)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A `.env` file fills in what the environment does not say, and only that."""
    file = tmp_path / ".env"
    file.write_text(f"# mine\nSPRUNG_TOKEN='{TOKEN}'\nSPRUNG_SEED=1\nSPRUNG_OWNERS\nHOME=/x\n")
    settings = load_settings({"SPRUNG_SEED": "2"}, file)
    assert settings.secrets == (TOKEN,)
    assert settings.seed == 2


def test_a_missing_file_is_no_trouble_but_an_unreadable_one_is(tmp_path: Path) -> None:
    """Without a `.env` file the environment stands alone; one in a strange encoding is named."""
    assert load_settings({}, tmp_path / ".env").seed is None
    (tmp_path / ".env").write_bytes(b"SPRUNG_SEED=\xff\xfe1")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: UnicodeDecodeError"):
        load_settings({}, tmp_path / ".env")


def test_a_misspelt_variable_is_named_with_the_nearest(tmp_path: Path) -> None:
    """Unknown SPRUNG_ variables are listed, each with the setting that was probably meant."""
    file = tmp_path / ".env"
    file.write_text("SPRUNG_OWNER=1001\n")
    settings = load_settings({"SPRUNG_TOKNE": TOKEN, "sprung_seed": "1", "OTHER": "x"}, file)
    assert settings.unknown == [
        "SPRUNG_OWNER is not a setting; the nearest is SPRUNG_OWNERS",
        "SPRUNG_TOKNE is not a setting; the nearest is SPRUNG_TOKEN",
        "sprung_seed is not a setting; the nearest is SPRUNG_SEED",
    ]


def test_settings_are_frozen() -> None:
    """Nobody can change a setting while the bot runs."""
    with pytest.raises(ValidationError):
        given(SEED="1").seed = 2  # type: ignore[misc]


def test_an_installed_program_finds_its_banks_and_keeps_its_data_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside a checkout the banks are inside the package and the data in the user's folder."""
    package = tmp_path / "site-packages" / "bot"
    monkeypatch.setattr(module, "_PACKAGE", package)
    monkeypatch.setattr(module, "_CHECKOUT", package.parent)
    settings = load_settings({"XDG_DATA_HOME": str(tmp_path / "share")}, None)
    assert settings.bank_folders == (package / "_question_banks",)
    assert settings.data == tmp_path / "share" / "sprung"
    assert load_settings({}, None).data == Path.home() / ".local" / "share" / "sprung"
