"""Settings: what is assumed, what wins, what is refused, and that no secret shows."""

import os
from multiprocessing.dummy import Pool
from pathlib import Path

import pytest

from adapters.settings import Profile, Settings, WrongSettings, load_settings, secret_key

POSTGRES = "postgresql+asyncpg://ykien:mat-khau@db.example.vn/ykien"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("YKIEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_settings_one_machine_runs_on_sqlite_in_var(tmp_path: Path) -> None:
    settings = load_settings()

    assert settings.profile is Profile.EMBEDDED
    assert settings.data_dir == tmp_path / "var"
    assert settings.sqlite_path == tmp_path / "var" / "ykien.db"
    assert (settings.api_port, settings.temporal_port, settings.demo, settings.drill) == (8000, 7233, True, False)


def test_a_drill_has_its_own_folder_and_ports(tmp_path: Path) -> None:
    drill = load_settings(profile="drill")

    assert drill.drill
    assert drill.sqlite_path == tmp_path / "var" / "drill" / "ykien.db"
    assert (drill.api_port, drill.temporal_port) == (8001, 7234)


def test_the_command_line_beats_the_environment_which_beats_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("YKIEN_API_PORT=1111\nYKIEN_RULE_SET=ha-tinh\nYKIEN_TASK_QUEUE=q1\n")
    monkeypatch.setenv("YKIEN_API_PORT", "2222")
    monkeypatch.setenv("YKIEN_TASK_QUEUE", "q2")

    settings = load_settings(api_port=3333, rule_set=None)

    assert (settings.api_port, settings.task_queue, settings.rule_set) == (3333, "q2", "ha-tinh")


def test_an_empty_variable_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SMTP_HOST", "API_PORT", "RULE_SET"):
        monkeypatch.setenv(f"YKIEN_{name}", "")

    settings = load_settings()

    assert (settings.smtp_host, settings.api_port, settings.rule_set) == (None, 8000, "mau")


def test_secrets_may_lie_in_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "YKIEN_SMTP_PASSWORD").write_text("rat-bi-mat")
    monkeypatch.setenv("YKIEN_SECRETS_DIR", str(tmp_path))

    password = load_settings().smtp_password

    assert password is not None
    assert password.get_secret_value() == "rat-bi-mat"


def test_a_child_process_reads_exactly_what_its_parent_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = load_settings(profile="drill", database_url=POSTGRES, smtp_host="mail.example.vn", demo=False)
    for name, value in parent.environment().items():
        monkeypatch.setenv(name, value)

    assert load_settings() == parent


def test_no_secret_shows_in_a_settings_text_or_in_an_error() -> None:
    settings = load_settings(database_url=POSTGRES, smtp_password="rat-bi-mat")
    with pytest.raises(WrongSettings) as caught:
        load_settings(database_url="mysql://ykien:mat-khau@db/ykien")

    for text in (repr(settings), str(settings.model_dump()), settings.model_dump_json(), str(caught.value)):
        assert "mat-khau" not in text
        assert "rat-bi-mat" not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profile", "staging"),
        ("database_url", "mysql://db/ykien"),
        ("temporal_address", "7233"),
        ("temporal_address", "127.0.0.1:port"),
        ("api_port", 0),
        ("log_level", "LOUD"),
        ("public_url", "ykien.example.vn"),
        ("oidc_issuer", "https://id.example.vn?realm=tinh"),
        ("session_idle_minutes", 0),
    ],
)
def test_a_wrong_setting_is_refused_by_its_variable_alone(name: str, value: object) -> None:
    with pytest.raises(WrongSettings) as caught:
        load_settings(**{name: value})

    assert [variable for variable, _ in caught.value.problems] == [f"YKIEN_{name.upper()}"]


def test_production_needs_a_database_server() -> None:
    with pytest.raises(WrongSettings, match="YKIEN_DATABASE_URL"):
        load_settings(profile="production")

    settings = load_settings(profile="production", database_url=POSTGRES, payload_keys_dir="/keys")
    assert (settings.sqlite_path, settings.demo) == (None, False)


def test_production_seals_what_temporal_stores() -> None:
    with pytest.raises(WrongSettings, match="YKIEN_PAYLOAD_KEYS_DIR"):
        load_settings(profile="production", database_url=POSTGRES)


def test_processes_starting_together_agree_on_one_key(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "new")
    with Pool(8) as pool:
        keys = pool.map(lambda _: secret_key(settings).get_secret_value(), range(8))

    assert len(dict.fromkeys(keys)) == 1
    assert len(keys[0]) >= 32
    assert settings.secret_key_file.stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_production_never_makes_up_its_key(tmp_path: Path) -> None:
    settings = load_settings(profile="production", database_url=POSTGRES, payload_keys_dir="/keys", data_dir=tmp_path)

    with pytest.raises(ValueError, match="YKIEN_SECRET_KEY_FILE"):
        secret_key(settings)

    settings.secret_key_file.write_text("short\n")
    with pytest.raises(ValueError, match="at least 32"):
        secret_key(settings)


def test_every_setting_is_an_environment_variable_of_the_same_name() -> None:
    mail = {"smtp_host": "m", "smtp_username": "u", "smtp_password": "p"}
    web = {"public_url": "https://ykien.example.vn", "oidc_issuer": "https://id.example.vn", "oidc_client_id": "ykien"}
    web |= {"oidc_client_secret": "rat-bi-mat"}
    values = load_settings(database_url=POSTGRES, rules_dir="/r", payload_keys_dir="/k", **mail, **web)

    assert sorted(values.environment()) == sorted(f"YKIEN_{name.upper()}" for name in Settings.model_fields)


def test_single_sign_on_is_set_whole_or_not_at_all() -> None:
    assert load_settings().oidc_issuer is None
    with pytest.raises(WrongSettings, match="YKIEN_OIDC_CLIENT_ID"):
        load_settings(oidc_issuer="https://id.example.vn")

    settings = load_settings(oidc_issuer="https://id.example.vn/realms/tinh/", oidc_client_id="ykien")
    assert (settings.oidc_issuer, settings.oidc_claim) == ("https://id.example.vn/realms/tinh", "sub")


def test_production_asks_a_provider_over_tls_only() -> None:
    with pytest.raises(WrongSettings, match="https"):
        load_settings(
            profile="production",
            database_url=POSTGRES,
            payload_keys_dir="/keys",
            oidc_issuer="http://id.example.vn",
            oidc_client_id="ykien",
        )
