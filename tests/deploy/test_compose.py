"""deploy/compose.yaml, read by Docker Compose itself: valid, closed, guarded, and true to the code it runs."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.embedded_temporal import tool
from adapters.settings import PREFIX, Settings
from bench.postgres import OWNER, Cluster, as_owner
from cli import VERBS, app
from tests.architecture.test_imports import CONFIG
from tests.deploy.plan import DEPLOY, compose, copy_of, make_secrets, plan_of

OURS = ("migrate", "api", "relay", "worker")
JOBS = ("migrate", "temporal-schema", "temporal-namespace")
JSON = dict[str, Any]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder the installer's script filled."""
    folder = tmp_path_factory.mktemp("secrets")
    make_secrets(folder)
    return folder


@pytest.fixture(scope="module")
def plan(secrets: Path) -> JSON:
    return plan_of(DEPLOY, SECRETS=str(secrets))


def test_docker_compose_takes_the_file_and_the_example_of_its_variables() -> None:
    done = compose(DEPLOY, "config", "--quiet")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("file", "good", "bad", "complaint"),
    [
        ("compose.yaml", "    restart: unless-stopped\n    stop", "    restrat: unless-stopped\n    stop", "restrat"),
        ("compose.yaml", "networks: [register]", "networks: [registry]", "registry"),
        ("compose.yaml", "secrets: [temporal_password]", "secrets: [temporal]", "temporal"),
        ("compose.yaml", "source: temporal_schema,", "source: schema,", "schema"),
        ("compose.yaml", "      migrate: {condition", "      migrated: {condition", "migrated"),
        ("compose.yaml", '["register-data:', '["data:', "data"),
        ("compose.yaml", "interval: 60s", "interval: often", "often"),
        (".env.example", "RULE_SET=mau", "", "RULE_SET"),
        (".env.example", "SECRETS=./secrets", "", "SECRETS"),
    ],
)
def test_docker_compose_refuses_a_spoiled_copy(tmp_path: Path, file: str, good: str, bad: str, complaint: str) -> None:
    spoiled = copy_of(tmp_path)
    text = (spoiled / file).read_text("utf-8")
    assert good in text
    (spoiled / file).write_text(text.replace(good, bad), "utf-8")
    done = compose(spoiled, "config", "--quiet")

    assert done.returncode != 0
    assert complaint in done.stderr


# --- true to the code


def given(service: JSON) -> list[str]:
    """The settings a service gets, by variable and by secret file."""
    files = [str(secret["target"]) for secret in service.get("secrets") or []]
    return [name for name in (*service.get("environment", {}), *files) if name.startswith(PREFIX)]


def test_every_variable_of_ours_is_a_setting(plan: JSON) -> None:
    known = [PREFIX + "SECRETS_DIR", *(PREFIX + name.upper() for name in Settings.model_fields)]
    image = re.findall(rf"\b({PREFIX}\w+)=", (DEPLOY / "Dockerfile").read_text("utf-8"))

    assert image
    assert [name for name in image if name not in known] == []
    for name in OURS:
        assert given(plan["services"][name])
        assert [one for one in given(plan["services"][name]) if one not in known] == []
    assert [name for name, service in plan["services"].items() if given(service) and name not in OURS] == []


def test_every_command_is_a_verb_with_its_options(plan: JSON) -> None:
    services = plan["services"]
    commands = [services[name]["command"] for name in OURS] + [services["worker"]["healthcheck"]["test"][2:]]
    for verb, *words in commands:
        shown = CliRunner().invoke(app, [verb, "--help"], env={"COLUMNS": "200"}).output
        assert verb in VERBS
        assert [word for word in words if word.startswith("--") and word not in shown] == []


def test_the_role_that_gets_the_rights_is_the_one_the_processes_sign_in_as(plan: JSON, secrets: Path) -> None:
    role = plan["services"]["migrate"]["command"][-1]

    assert f"://{role}:" in (secrets / "app_database_url").read_text()
    assert f"CREATE ROLE {role} LOGIN" in (DEPLOY / "postgres" / "register.sql").read_text("utf-8")
    for name in ("api", "relay", "worker"):
        sources = {secret["target"]: secret["source"] for secret in plan["services"][name]["secrets"]}
        assert sources["YKIEN_DATABASE_URL"] == "app_database_url"


def test_images_have_versions_and_temporal_is_the_one_of_the_tests(plan: JSON) -> None:
    images = {name: service["image"] for name, service in plan["services"].items()}
    tested = subprocess.run([tool("temporal"), "--version"], capture_output=True, text=True, check=True).stdout
    server = re.search(r"Server (\d+\.\d+)\.", tested)

    assert [image for image in images.values() if not re.search(r":\d+\.\d+", image)] == []
    assert server
    for name in ("temporal", "temporal-schema", "temporal-namespace"):
        assert images[name].partition(":")[2].startswith(server[1] + ".")
    assert images["temporal"].partition(":")[2] == images["temporal-schema"].partition(":")[2]
    assert images["api"] == f"ykien:{CONFIG['project']['version']}"


def test_the_page_for_the_installer_names_real_verbs_services_and_an_override_that_fits(
    tmp_path: Path, plan: JSON
) -> None:
    page = (DEPLOY / "README.md").read_text("utf-8")
    (override,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.S)
    folder = copy_of(tmp_path)
    (folder / "compose.override.yaml").write_text(override, "utf-8")
    merged = compose(folder, "-f", "compose.override.yaml", "config", "--format", "json")
    api = json.loads(merged.stdout)["services"]["api"]

    assert [verb for verb in re.findall(r"`(?:docker [\w ]*?)?ykien (\w+)", page) if verb not in known_verbs()] == []
    assert [name for name in re.findall(r"^\| `([\w-]+)` \| ", page, flags=re.M) if name not in plan["services"]] == []
    assert api["environment"]["YKIEN_RULES_DIR"] == "/etc/ykien/rules"
    assert [name for name in given(plan["services"]["api"]) if name not in given(api)] == []
    assert api["volumes"][0]["read_only"]


def known_verbs() -> list[str]:
    """Verbs and groups of verbs."""
    return [*VERBS, *(str(group.name) for group in app.registered_groups)]


# --- closed and guarded


def test_every_secret_config_and_volume_exists_and_is_used(plan: JSON) -> None:
    for kind in ("secrets", "configs"):
        used = [one["source"] for service in plan["services"].values() for one in service.get(kind) or []]
        assert sorted(dict.fromkeys(used)) == sorted(plan[kind])
        assert [one["file"] for one in plan[kind].values() if not Path(one["file"]).exists()] == []
    mounts = [volume for service in plan["services"].values() for volume in service.get("volumes") or []]
    assert sorted(mount["source"] for mount in mounts) == sorted(plan["volumes"])
    assert [mount for mount in mounts if mount["type"] != "volume"] == []


def test_no_secret_stands_in_the_file_or_in_an_environment(plan: JSON, secrets: Path) -> None:
    words = [file.read_text() for file in secrets.rglob("*") if file.is_file() and file.stat().st_size]
    shown = compose(DEPLOY, "config", SECRETS=str(secrets)).stdout

    assert len(words) == 9
    assert [word for word in words if word.strip() in shown] == []


def test_only_the_api_is_published_and_the_stores_have_no_way_out(plan: JSON) -> None:
    services, networks = plan["services"], plan["networks"]
    inner = [name for name, network in networks.items() if network.get("internal")]

    assert [name for name, service in services.items() if service.get("ports")] == ["api"]
    assert services["api"]["ports"][0]["host_ip"] == "127.0.0.1"
    assert sorted(inner) == ["engine", "register"]
    out = [name for name, service in services.items() if any(net not in inner for net in service["networks"])]
    assert sorted(out) == ["api", "relay"]
    assert [name for name, service in services.items() if "register" in service["networks"]] == sorted(
        ["register-db", *OURS]
    )


def test_every_container_runs_without_root_rights_and_without_writing_to_itself(plan: JSON) -> None:
    for name, service in plan["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), name
        assert not service.get("privileged"), name
        assert not service.get("cap_add"), name
        assert sorted(service["deploy"]["resources"]["limits"]) == ["cpus", "memory", "pids"], name
        assert service["logging"]["options"]["max-size"], name


def test_jobs_end_and_everything_else_comes_back_and_is_watched(plan: JSON) -> None:
    for name, service in plan["services"].items():
        if name in JOBS:
            assert service["restart"] == "on-failure:5", name
        else:
            assert service["restart"] == "unless-stopped", name
            # API and relay bring theirs in the image.
            assert service.get("healthcheck", {}).get("test") or name in ("api", "relay"), name


def test_the_api_starts_without_temporal_and_nobody_before_the_tables(plan: JSON) -> None:
    after = {name: sorted(service.get("depends_on", {})) for name, service in plan["services"].items()}

    assert after["api"] == after["relay"] == ["migrate"]
    assert after["worker"] == ["migrate", "temporal-namespace"]
    assert plan["services"]["api"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_relay_has_longer_to_end_than_its_round_may_take(plan: JSON) -> None:
    from api.relaying import GRACE_APART

    assert int(plan["services"]["relay"]["stop_grace_period"].rstrip("s")) > GRACE_APART + 5


# --- PostgreSQL


@pytest.mark.parametrize("name", ["register-db", "temporal-db"])
def test_a_commit_is_on_the_disk_and_postgresql_knows_every_option(plan: JSON, postgres: Cluster, name: str) -> None:
    program, *words = plan["services"][name]["command"]
    options = dict(word.removeprefix("--").split("=", 1) for word in words)
    listed = ", ".join(f"'{option}'" for option in options)
    known = postgres.execute(f"SELECT count(*) FROM pg_settings WHERE name IN ({listed})")

    assert program == "postgres"
    assert int(known) == len(options)
    assert [options[one] for one in ("fsync", "synchronous_commit", "full_page_writes")] == ["on"] * 3


def test_a_new_cluster_has_checksums_and_wants_passwords(plan: JSON, postgres: Cluster) -> None:
    arguments = plan["services"]["register-db"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    made = [postgres.program("initdb"), "-D", "like-compose", "-U", OWNER, "--no-sync", *arguments]
    postgres.run(as_owner(*made))
    said = postgres.run(as_owner(postgres.program("pg_controldata"), "like-compose"))
    access = postgres.run(as_owner("cat", "like-compose/pg_hba.conf"))

    assert re.search(r"Data page checksum version:\s+1\b", said)
    assert re.search(r"^host\s+all\s+all\s+127\.0\.0\.1/32\s+scram-sha-256$", access, flags=re.M)
