"""The secret files: made once, readable by the containers' group alone, and good for what they are for."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from adapters.codec import read_keys
from adapters.settings import load_settings, secret_key
from tests.deploy.plan import DEPLOY, make_secrets, plan_of

GROUP = 10001


@pytest.fixture
def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A service's environment, its secrets where Compose would mount them; the folder stands for /run/secrets."""
    make_secrets(tmp_path / "secrets")
    service = plan_of(DEPLOY, SECRETS=str(tmp_path / "secrets"))["services"][request.param]
    run = tmp_path / "run"
    run.mkdir()
    for secret in service["secrets"]:
        source, target = tmp_path / "secrets" / secret["source"], run / Path(secret["target"]).name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    for name in [name for name in os.environ if name.startswith("YKIEN_")]:
        monkeypatch.delenv(name)
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, value.replace("/run/secrets", str(run)))
    monkeypatch.chdir(run)
    return run


@pytest.mark.parametrize("mounted", ["api", "relay", "worker"], indirect=True)
def test_a_process_finds_its_database_key_and_payload_keys(mounted: Path) -> None:
    settings = load_settings()

    assert settings.database_url.get_secret_value().startswith("postgresql+asyncpg://ykien_app:")
    assert settings.relay == "apart"
    assert (settings.smtp_host, settings.smtp_username) == (None, None)
    assert not settings.smtp_password
    assert len(secret_key(settings).get_secret_value()) == 64
    assert settings.payload_keys_dir
    assert len(read_keys(settings.payload_keys_dir)) == 1


@pytest.mark.parametrize("mounted", ["migrate"], indirect=True)
def test_the_migrations_sign_in_as_the_owner_and_get_nothing_else(mounted: Path) -> None:
    settings = load_settings()

    assert settings.database_url.get_secret_value().startswith("postgresql+asyncpg://ykien_owner:")
    assert [file.name for file in mounted.iterdir()] == ["YKIEN_DATABASE_URL"]


def test_making_them_again_changes_nothing_and_adds_what_is_missing(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    before = {file: file.read_bytes() for file in files}
    (tmp_path / "secret_key").unlink()
    make_secrets(tmp_path)
    after = {file: file.read_bytes() for file in files}

    assert [file.name for file in files if before[file] != after[file]] == ["secret_key"]
    assert len(list((tmp_path / "payload_keys").iterdir())) == 1
    assert not (tmp_path / ".new").exists()


def test_nobody_but_root_and_the_containers_group_reads_them(tmp_path: Path) -> None:
    said = make_secrets(tmp_path).stderr
    for path in (tmp_path, *tmp_path.rglob("*")):
        found = path.stat()
        assert stat.S_IMODE(found.st_mode) == (0o750 if path.is_dir() else 0o440)
        # As somebody else the script cannot give them away, and says what to run.
        assert found.st_gid == GROUP if os.geteuid() == 0 else "sudo chown" in said
    assert plan_of(DEPLOY, SECRETS=str(tmp_path))["services"]["api"]["group_add"] == [str(GROUP)]
