"""What an instance is told from outside: one frozen object, made from a mapping by a pure function.

`VARIABLES` is the whole table; docs/operating.md repeats it for people and a test keeps the two equal.
"""

import base64
import binascii
import dataclasses
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import parse_qsl, urlsplit

Mode = Literal["demo", "development", "production"]
Argon2Profile = Literal["standard", "unsafe-fast-for-tests"]

MAKE_SECRETS = ".venv/bin/himaya secrets make"
SECRET_BYTES = 32
# 32 random bytes hold fewer than 20 different values about once in 10^8 draws: less is a typed-in "secret".
LEAST_DIFFERENT_BYTES = 20
DEMO_MARK = "demo"
MODE_FILE = "mode"  # in the instance folder: what the instance was made for, where HIMAYA_MODE is not given
PLAIN_SMTP = "smtp+plain"  # for development
ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
SMS_FIELDS = "to={to}&text={text}&id={id}"
LONGEST_SOCKET_PATH = 107  # unix(7): sun_path holds 108 bytes with its end


@dataclasses.dataclass(frozen=True)
class Variable:
    """One environment variable: its name, its default as people read it, and what it is for."""

    name: str
    default: str
    meaning: str


SECRETS: Mapping[str, str] = {
    "pepper": "Outer layer around every locked personal secret and receipt, and around receipt lookups.",
    "cookie_key": "Signs cookies.",
    "csrf_key": "Signs the tokens in forms.",
    "token_key": "Server half of match tokens.",
    "audit_key": "Seed of the Ed25519 key that signs audit checkpoints.",
    "notice_key": "Seals where people who asked for help want to be told that an answer is there.",
}

VARIABLES: tuple[Variable, ...] = (
    Variable("HIMAYA_HOME", "instance/main", "Folder of this instance: database, queue, files, secrets."),
    Variable(
        "HIMAYA_MODE",
        "file `mode` in the instance folder, else production",
        "`demo`, `development` or `production`. Production refuses what is unsafe.",
    ),
    Variable(
        "DATABASE_URL", "SQLite in the instance folder", "`postgresql://…` or `sqlite:////absolute/path`."
    ),
    Variable(
        "REDIS_URL", "embedded Valkey in the instance folder", "`redis://…`, `rediss://…` or `unix://…`."
    ),
    Variable(
        "STORAGE_URL", "`files/` in the instance folder", "`file:///absolute/path` or `s3://bucket/prefix`."
    ),
    Variable("BASE_URL", "http://127.0.0.1:PORT", "Address that people open. Production wants https."),
    Variable("BIND", "127.0.0.1", "Address that the web server listens on, behind a proxy that ends TLS."),
    Variable("PORT", "8000", "Port that the web server listens on."),
    Variable(
        "SMTP_URL",
        "no mail is sent, the log says that it would be",
        "`smtp://user:password@host:587` (STARTTLS or nothing) or `smtps://…`, for content-free notices. "
        "`smtp+plain://…` has no TLS and is refused in production.",
    ),
    Variable("MAIL_FROM", "himaya@ the host of BASE_URL", "Address in whose name notices are sent."),
    Variable(
        "NOTICE_FROM",
        "people who ask for help are offered no notice by e-mail",
        "Address, or `Name <address>`, in whose name they are told that an answer is there. Neutral: whoever "
        "reads it must not learn what we are. Needs `SMTP_URL`.",
    ),
    Variable(
        "SMS_URL",
        "people who ask for help are offered no notice by SMS",
        "`https://user:password@host/path` of a gateway that takes a POST for each message.",
    ),
    Variable(
        "SMS_FIELDS",
        "`to={to}&text={text}&id={id}`",
        "Fields of that POST, as in a query. `{to}` is the number (+90…), `{text}` the words, `{id}` the "
        "same for a message that is sent again.",
    ),
    Variable("SMS_AUTHORIZATION", "none", "Header `Authorization` of that POST, for example `Bearer …`."),
    Variable("LOG_LEVEL", "info", "`debug`, `info`, `warning` or `error`. Production refuses `debug`."),
    Variable("HIMAYA_ARGON2", "standard", "`standard`; `unsafe-fast-for-tests` is refused in production."),
    *(
        Variable(f"HIMAYA_{name.upper()}", f"file `secrets/{name}` in the instance folder", meaning)
        for name, meaning in SECRETS.items()
    ),
)


@dataclasses.dataclass(frozen=True)
class Problem:
    """Something wrong with the configuration, and the command or line that mends it."""

    what: str
    mend: str


class ConfigurationError(Exception):
    """The instance may not start. `problems` holds everything that is wrong, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{problem.what}\n    {problem.mend}" for problem in problems))
        self.problems = tuple(problems)


@dataclasses.dataclass(frozen=True)
class Settings:
    """Everything an instance is told from outside. Secrets are left out of the repr."""

    home: Path
    mode: Mode
    database_url: str = dataclasses.field(repr=False)
    redis_url: str | None = dataclasses.field(repr=False)
    storage_url: str
    base_url: str
    port: int
    pepper: bytes = dataclasses.field(repr=False)
    cookie_key: bytes = dataclasses.field(repr=False)
    csrf_key: bytes = dataclasses.field(repr=False)
    token_key: bytes = dataclasses.field(repr=False)
    audit_key: bytes = dataclasses.field(repr=False)
    notice_key: bytes = dataclasses.field(repr=False)
    argon2: Argon2Profile
    smtp_url: str | None = dataclasses.field(repr=False)
    mail_from: str
    log_level: str
    bind: str = "127.0.0.1"
    notice_from: str | None = None
    sms_url: str | None = dataclasses.field(default=None, repr=False)
    sms_fields: str = dataclasses.field(default=SMS_FIELDS, repr=False)
    sms_authorization: str = dataclasses.field(default="", repr=False)

    @property
    def queue_socket(self) -> Path:
        """Unix socket of the embedded Valkey; unused when `redis_url` is given."""
        return self.home / "queue" / "valkey.sock"

    @property
    def queue_url(self) -> str:
        """Where the queue is, embedded or not."""
        return self.redis_url or f"unix://{self.queue_socket}"

    @property
    def audit_folder(self) -> Path:
        """Signed checkpoints of the audit chains, outside the database."""
        return self.home / "audit"

    @property
    def secure(self) -> bool:
        """Whether people reach this instance over https."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Settings from a mapping such as `os.environ`, and from the secret files of the instance folder.

        Raises ConfigurationError with every problem found. A secret has no default: a missing or weak one
        refuses to start.
        """
        problems: list[Problem] = []
        home = home_of(env)
        mode = _mode(env, home, problems)
        port = _port(env, problems)
        keys = _secrets(env, home, problems)
        argon2 = _one_of(env, "HIMAYA_ARGON2", get_args(Argon2Profile), "standard", problems)
        log_level = _one_of(env, "LOG_LEVEL", ("debug", "info", "warning", "error"), "info", problems)
        base_url = (_url(env, "BASE_URL", ("http", "https"), problems) or f"http://127.0.0.1:{port}").rstrip(
            "/"
        )
        settings = cls(
            home=home,
            mode=mode,  # type: ignore[arg-type]  # _one_of has checked it against the Literal
            database_url=_database_url(env, home, problems),
            redis_url=_url(env, "REDIS_URL", ("redis", "rediss", "unix"), problems),
            storage_url=_url(env, "STORAGE_URL", ("file", "s3"), problems) or f"file://{home / 'files'}",
            base_url=base_url,
            port=port,
            **keys,
            argon2=argon2,  # type: ignore[arg-type]  # as above
            smtp_url=_server(
                env, "SMTP_URL", ("smtp", "smtps", PLAIN_SMTP), "smtps://mail.example.org", problems
            ),
            mail_from=_mail_from(env, base_url, problems),
            log_level=log_level,
            bind=env.get("BIND") or "127.0.0.1",
            notice_from=_notice_from(env, problems),
            sms_url=_server(env, "SMS_URL", ("https",), "https://sms.example.org/send", problems),
            sms_fields=_sms_fields(env, problems),
            sms_authorization=env.get("SMS_AUTHORIZATION") or "",
        )
        if settings.redis_url is None and len(str(settings.queue_socket)) > LONGEST_SOCKET_PATH:
            problems.append(
                Problem(
                    "HIMAYA_HOME is too long a path for the queue's socket.", "export HIMAYA_HOME=/srv/himaya"
                )
            )
        if settings.mode == "production":
            problems.extend(_unsafe_in_production(settings))
        if problems:
            raise ConfigurationError(problems)
        return settings


def home_of(env: Mapping[str, str]) -> Path:
    """Instance folder, absolute."""
    return Path(env.get("HIMAYA_HOME") or "instance/main").absolute()


def new_secret() -> str:
    """A fresh secret as it stands in an environment variable or a secret file."""
    return base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _one_of(
    env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str, problems: list[Problem]
) -> str:
    value = env.get(name) or default
    if value not in allowed:
        problems.append(Problem(f"{name} is not one of {', '.join(allowed)}.", f"export {name}={default}"))
        return default
    return value


def _mode(env: Mapping[str, str], home: Path, problems: list[Problem]) -> str:
    """The variable; else what the folder was made for; else the strictest.

    A folder made for production takes no other: `make run` would open real files over plain http.
    """
    file = home / MODE_FILE
    given = _one_of(env, "HIMAYA_MODE", get_args(Mode), "production", problems)
    if not file.is_file():
        return given
    kept = file.read_text(encoding="ascii", errors="replace").strip()
    if kept not in get_args(Mode):
        problems.append(Problem(f"{file} names no mode.", f"rm {file}"))
        return "production"
    if not env.get("HIMAYA_MODE"):
        return kept
    if kept == "production" != given:
        problems.append(
            Problem(f"{home} was made for production, and HIMAYA_MODE is {given}.", "unset HIMAYA_MODE")
        )
    return given


def _port(env: Mapping[str, str], problems: list[Problem]) -> int:
    value = env.get("PORT") or "8000"
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 2**16):
        problems.append(Problem("PORT is not a port number.", "export PORT=8000"))
        return 8000
    return int(value)


def _url(env: Mapping[str, str], name: str, schemes: tuple[str, ...], problems: list[Problem]) -> str | None:
    value = env.get(name) or None
    # The value may hold a password, so the message names the variable only.
    if value is not None and urlsplit(value).scheme not in schemes:
        problems.append(
            Problem(
                f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.",
                f"unset {name}",
            )
        )
        return None
    return value


def _server(
    env: Mapping[str, str], name: str, schemes: tuple[str, ...], example: str, problems: list[Problem]
) -> str | None:
    value = _url(env, name, schemes, problems)
    if value is None:
        return None
    try:
        named = urlsplit(value).hostname and urlsplit(value).port != 0
    except ValueError:  # the port is no number
        named = None
    if not named:
        problems.append(Problem(f"{name} names no server.", f"export {name}={example}"))
        return None
    return value


def _notice_from(env: Mapping[str, str], problems: list[Problem]) -> str | None:
    value = env.get("NOTICE_FROM") or None
    if value and not ADDRESS.fullmatch(parseaddr(value)[1]):
        problems.append(Problem("NOTICE_FROM is no e-mail address.", "export NOTICE_FROM=post@example.org"))
    return value


def _sms_fields(env: Mapping[str, str], problems: list[Problem]) -> str:
    value = env.get("SMS_FIELDS") or SMS_FIELDS
    fields = [field for _name, field in parse_qsl(value)]
    known = all(set(re.findall(r"\{\w*\}|[{}]", field)) <= {"{to}", "{text}", "{id}"} for field in fields)
    if not known or any(all(name not in field for field in fields) for name in ("{to}", "{text}")):
        problems.append(Problem("SMS_FIELDS lacks {to} or {text}, or has another.", "unset SMS_FIELDS"))
    return value


def _mail_from(env: Mapping[str, str], base_url: str, problems: list[Problem]) -> str:
    value = env.get("MAIL_FROM") or f"himaya@{urlsplit(base_url).hostname or 'localhost'}"
    if not ADDRESS.fullmatch(value):
        problems.append(Problem("MAIL_FROM is no e-mail address.", "export MAIL_FROM=himaya@example.org"))
    return value


def _database_url(env: Mapping[str, str], home: Path, problems: list[Problem]) -> str:
    value = _url(env, "DATABASE_URL", ("sqlite", "postgresql", "postgres", "postgresql+psycopg"), problems)
    if value is None:
        return f"sqlite:///{home / 'himaya.db'}"
    scheme, rest = value.split(":", 1)
    return value if scheme == "sqlite" else f"postgresql+psycopg:{rest}"


def _secrets(env: Mapping[str, str], home: Path, problems: list[Problem]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name in SECRETS:
        value = _secret_text(env, home / "secrets" / name, f"HIMAYA_{name.upper()}", problems)
        if value is None:
            found[name] = b""
            continue
        found[name] = _decode(value)
        if len(found[name]) != SECRET_BYTES or len(set(found[name])) < LEAST_DIFFERENT_BYTES:
            problems.append(Problem(f"The secret {name} is weak or damaged.", ".venv/bin/himaya secrets new"))
    given = [value for value in found.values() if value]
    if len(set(given)) < len(given):
        problems.append(Problem("Two secrets have the same value.", ".venv/bin/himaya secrets new"))
    return found


def _secret_text(env: Mapping[str, str], file: Path, variable: str, problems: list[Problem]) -> str | None:
    if env.get(variable):
        return env[variable]
    if not file.is_file():
        problems.append(Problem(f"The secret {file.name} is missing ({variable} or {file}).", MAKE_SECRETS))
        return None
    if file.stat().st_mode & 0o077:
        problems.append(Problem(f"Others than the owner may read {file}.", f"chmod 600 {file}"))
    return file.read_text(encoding="ascii", errors="replace").strip()


def _decode(value: str) -> bytes:
    try:
        return base64.b64decode(value, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _unsafe_in_production(settings: Settings) -> list[Problem]:
    problems = []
    if not settings.secure:
        problems.append(Problem("BASE_URL is plain http.", "export BASE_URL=https://…"))
    if settings.argon2 != "standard":
        problems.append(Problem("HIMAYA_ARGON2 is not standard.", "unset HIMAYA_ARGON2"))
    if settings.smtp_url and settings.smtp_url.startswith(f"{PLAIN_SMTP}:"):
        problems.append(Problem("SMTP_URL has no TLS.", "export SMTP_URL=smtps://…"))
    if "himaya" in (settings.notice_from or "").casefold():
        problems.append(Problem("NOTICE_FROM says what we are.", "export NOTICE_FROM=post@example.org"))
    if settings.log_level == "debug":
        problems.append(Problem("LOG_LEVEL is debug.", "unset LOG_LEVEL"))
    if (settings.home / DEMO_MARK).exists():
        problems.append(
            Problem(
                f"{settings.home} holds invented demo data.", "export HIMAYA_HOME=… (a folder of its own)"
            )
        )
    return problems
