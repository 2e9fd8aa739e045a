"""A missing or weak secret refuses to start and names the command that makes one."""

import base64
import re
from pathlib import Path

import pytest

from config.settings import (
    SECRETS,
    VARIABLES,
    ConfigurationError,
    Settings,
    new_secret,
)
from tests.support.instances import environment_for

ROOT = Path(__file__).parents[2]


def problems_of(**variables: str) -> str:
    """What an instance with these variables is told. It is otherwise fit for production."""
    env = environment_for("/srv/himaya") | {
        "HIMAYA_MODE": "production",
        "HIMAYA_ARGON2": "standard",
        "BASE_URL": "https://himaya.example",
    }
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_env(env | variables)
    return str(refused.value)


def test_a_development_instance_needs_secrets_only(tmp_path: Path) -> None:
    settings = Settings.from_env(environment_for(tmp_path, PORT="8123"))
    assert settings.database_url == f"sqlite:///{tmp_path}/himaya.db"
    assert settings.queue_url == f"unix://{tmp_path}/queue/valkey.sock"
    assert settings.storage_url == f"file://{tmp_path}/files"
    assert settings.base_url == "http://127.0.0.1:8123"
    assert not settings.secure


def test_without_a_mode_the_rules_of_production_hold(tmp_path: Path) -> None:
    env = environment_for(tmp_path)
    del env["HIMAYA_MODE"]
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_env(env)
    assert "BASE_URL is plain http" in str(refused.value)
    assert "HIMAYA_ARGON2 is not standard" in str(refused.value)


def test_the_folder_remembers_the_mode_and_the_variable_wins(tmp_path: Path) -> None:
    env = environment_for(tmp_path)
    del env["HIMAYA_MODE"]
    (tmp_path / "mode").write_text("development\n")
    assert Settings.from_env(env).mode == "development"
    with pytest.raises(ConfigurationError, match="BASE_URL is plain http"):
        Settings.from_env(env | {"HIMAYA_MODE": "production"})
    (tmp_path / "mode").write_text("demos")
    with pytest.raises(ConfigurationError, match="names no mode") as refused:
        Settings.from_env(env)
    assert "BASE_URL is plain http" in str(refused.value)


def test_a_folder_made_for_production_takes_no_looser_mode(tmp_path: Path) -> None:
    """`make run` asks for development; real files must not be opened over plain http by it."""
    env = environment_for(tmp_path)
    (tmp_path / "mode").write_text("production\n")
    for looser in ("development", "demo"):
        with pytest.raises(ConfigurationError, match="was made for production"):
            Settings.from_env(env | {"HIMAYA_MODE": looser})


def test_a_folder_of_the_demo_is_refused_in_production(tmp_path: Path) -> None:
    env = environment_for(tmp_path) | {"BASE_URL": "https://himaya.example", "HIMAYA_MODE": "production"}
    del env["HIMAYA_ARGON2"]
    (tmp_path / "mode").write_text("demo")
    (tmp_path / "demo").write_text("marked")
    with pytest.raises(ConfigurationError, match="holds invented demo data"):
        Settings.from_env(env)


def test_production_starts_with_https_and_secrets(tmp_path: Path) -> None:
    env = environment_for(tmp_path) | {"BASE_URL": "https://himaya.example/", "HIMAYA_MODE": "production"}
    del env["HIMAYA_ARGON2"]
    settings = Settings.from_env(env)
    assert settings.secure
    assert settings.base_url == "https://himaya.example"


@pytest.mark.parametrize("name", SECRETS)
def test_every_missing_secret_is_named_with_the_command_that_makes_it(tmp_path: Path, name: str) -> None:
    env = environment_for(tmp_path)
    del env[f"HIMAYA_{name.upper()}"]
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_env(env)
    [problem] = refused.value.problems
    assert name in problem.what
    assert problem.mend == ".venv/bin/himaya secrets make"


@pytest.mark.parametrize(
    "weak",
    [
        "hunter2",
        "!!!!",
        base64.urlsafe_b64encode(b"correct horse battery staple!").decode(),
        base64.urlsafe_b64encode(bytes(32)).decode(),
        base64.urlsafe_b64encode(b"abcdefgh" * 4).decode(),
        base64.urlsafe_b64encode(bytes(range(31))).decode(),
    ],
)
def test_a_weak_secret_is_refused_and_not_repeated(weak: str) -> None:
    told = problems_of(HIMAYA_PEPPER=weak)
    assert "The secret pepper is weak or damaged." in told
    assert ".venv/bin/himaya secrets new" in told
    assert weak not in told


def test_two_equal_secrets_are_refused() -> None:
    same = new_secret()
    assert "Two secrets have the same value." in problems_of(HIMAYA_PEPPER=same, HIMAYA_CSRF_KEY=same)


def test_secrets_come_from_files_that_only_the_owner_reads(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    for name in SECRETS:
        file = tmp_path / "secrets" / name
        file.write_text(new_secret() + "\n")
        file.chmod(0o600)
    env = {"HIMAYA_HOME": str(tmp_path), "HIMAYA_MODE": "development"}
    settings = Settings.from_env(env)
    assert len(settings.pepper) == 32
    (tmp_path / "secrets" / "pepper").chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        Settings.from_env(env)


def test_secrets_and_addresses_with_passwords_are_not_in_the_repr(tmp_path: Path) -> None:
    env = environment_for(tmp_path, "postgresql://himaya:hunter2@db/himaya", SMTP_URL="smtp://a:hunter2@mail")
    shown = repr(Settings.from_env(env | {"REDIS_URL": "redis://:hunter2@queue"}))
    assert "hunter2" not in shown
    assert "pepper" not in shown


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"BASE_URL": "http://himaya.example"}, "BASE_URL is plain http."),
        ({"HIMAYA_ARGON2": "unsafe-fast-for-tests"}, "HIMAYA_ARGON2 is not standard."),
        ({"LOG_LEVEL": "debug"}, "LOG_LEVEL is debug."),
        ({"SMTP_URL": "smtp+plain://mail.himaya.example"}, "SMTP_URL has no TLS."),
        ({"SMTP_URL": "smtp://"}, "SMTP_URL names no server."),
        ({"SMTP_URL": "smtps://mail.himaya.example:many"}, "SMTP_URL names no server."),
        ({"SMTP_URL": "http://mail.himaya.example"}, "SMTP_URL must begin with smtp://"),
        ({"MAIL_FROM": "Himaya <himaya@himaya.example>"}, "MAIL_FROM is no e-mail address."),
        ({"HIMAYA_MODE": "staging"}, "HIMAYA_MODE is not one of demo, development, production."),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is not one of"),
        ({"PORT": "http"}, "PORT is not a port number."),
        ({"PORT": "70000"}, "PORT is not a port number."),
        ({"PORT": "٨٠٠٠"}, "PORT is not a port number."),
        ({"DATABASE_URL": "mysql://root:hunter2@db/x"}, "DATABASE_URL must begin with"),
        ({"REDIS_URL": "http://x"}, "REDIS_URL must begin with"),
        ({"STORAGE_URL": "/var/files"}, "STORAGE_URL must begin with"),
        ({"SMTP_URL": "mail.example"}, "SMTP_URL must begin with"),
        ({"HIMAYA_HOME": "/srv/" + "a" * 100}, "HIMAYA_HOME is too long"),
    ],
)
def test_what_is_unsafe_or_wrong_is_refused(variables: dict[str, str], told: str) -> None:
    message = problems_of(**variables)
    assert told in message
    assert "hunter2" not in message


def test_a_folder_with_demo_data_never_becomes_production(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("sign-ins")
    assert "invented demo data" in problems_of(HIMAYA_HOME=str(tmp_path))


def test_all_problems_are_told_at_once() -> None:
    told = problems_of(PORT="x", LOG_LEVEL="debug", BASE_URL="ftp://x")
    assert told.count("\n    ") == 4  # the last is plain http, which is the default


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg(tmp_path: Path, scheme: str) -> None:
    settings = Settings.from_env(environment_for(tmp_path, f"{scheme}://u@/db?host=/run"))
    assert settings.database_url == "postgresql+psycopg://u@/db?host=/run"


def test_the_documented_table_is_the_table_of_the_code() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [(variable.name, variable.default, variable.meaning) for variable in VARIABLES]
