"""Forms clean what people paste, refuse what is too long, lose nothing and say why in our own words."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_login import LoginManager
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.labels import DUTIES, PERMISSIONS, ROLES, SCOPES
from core.access.permissions import Permission, Role
from core.access.policy import Scope
from core.errors import DomainError
from core.web.forms import (
    ChecksField,
    Chosen,
    CodeField,
    EmailField,
    Form,
    LineField,
    Picked,
    SecretField,
    TextField,
    TokenField,
    VersionField,
    optional,
    required,
)
from core.web.locale import init_locale

ANSWERS = [("a", "A"), ("b", "B")]


class Everything(Form):
    line = LineField("Line", [required()], limit=20)
    text = TextField("Text", limit=40)
    email = EmailField("E-mail")
    code = CodeField("Code", [optional()])
    password = SecretField("Password")
    checks = ChecksField("Checks", choices=ANSWERS)
    picked = Picked("Picked", choices=ANSWERS)
    chosen = Chosen("Chosen", choices=ANSWERS)
    must = Picked("Must", [required()], choices=ANSWERS)
    token = TokenField()
    version = VersionField()


@pytest.fixture
def bare() -> Flask:
    return bare_app()


def bare_app() -> Flask:
    """Forms and languages, and nobody signed in."""
    app = Flask("bare")
    app.secret_key = "s" * 32
    LoginManager(app).request_loader(lambda _request: None)
    init_locale(app)
    return app


def posted(app: Flask, **fields: object) -> Everything:
    data = {"line": "x", "must": "a"} | fields
    with app.test_request_context("/", method="POST", data=data, headers={"Accept-Language": "en"}):
        form = Everything(meta={"csrf": False})
        form.validate()
        return form


def test_hidden_characters_go_and_words_stay(bare: Flask) -> None:
    form = posted(bare, line="\u202eمحمد\u2069  Ali\x00\x1b\n", text="one\r\n\u2066two\u202c 👩\u200d⚖️")
    assert form.line.data == "محمد Ali"
    assert form.text.data == "one\ntwo 👩\u200d⚖️"


def test_decomposed_letters_are_composed_also_in_passwords(bare: Flask) -> None:
    form = posted(bare, line="e\u0301", password="e\u0301")
    assert form.line.data == form.password.data == "é"


@pytest.mark.parametrize("name", ["line", "text", "email", "code", "password"])
@pytest.mark.parametrize("letter", ["x", "ش", "👍", "\u202e x"])
def test_too_long_is_refused_and_not_cut(bare: Flask, name: str, letter: str) -> None:
    form = posted(bare, **{name: letter * 100_000})
    assert len(form[name].errors) == 1
    assert len(form[name].data) >= 100_000


def test_a_text_at_its_limit_is_taken(bare: Flask) -> None:
    assert not posted(bare, line="ب" * 20).line.errors
    assert posted(bare, line="ب" * 21).line.errors


def test_what_was_typed_comes_back_but_passwords_and_codes_do_not(bare: Flask) -> None:
    with bare.test_request_context(
        "/", method="POST", data={"line": "typed <b>", "password": "secret-1", "code": "secret-2"}
    ):
        form = Everything(meta={"csrf": False})
        assert not form.validate()
        page = "".join(field() for field in form)
    assert "typed &lt;b&gt;" in page
    assert "secret" not in page


def test_digits_of_codes_become_latin(bare: Flask) -> None:
    assert posted(bare, code="١٢٣ ۴۵۶").code.data == "123 456"


@pytest.mark.parametrize("address", ["a@b", "@b.c", "a b@c.d", "a@b@c.d", "a@.b", "a@b.", "x"])
def test_what_is_no_address_is_refused(bare: Flask, address: str) -> None:
    assert posted(bare, email=address).email.errors


def test_an_address_is_lower_case(bare: Flask) -> None:
    form = posted(bare, email=" Amal@Example.ORG ")
    assert form.email.data == "amal@example.org"
    assert not form.email.errors


def test_unanswered_questions_are_empty(bare: Flask) -> None:
    form = posted(bare)
    assert (form.picked.data, form.chosen.data, form.checks.data) == ("", "", [])
    assert not form.errors


@pytest.mark.parametrize("name", ["picked", "chosen", "checks", "must"])
def test_an_answer_that_was_not_offered_is_refused(bare: Flask, name: str) -> None:
    assert len(posted(bare, **{name: "z"})[name].errors) == 1


def test_checks_come_once_and_in_order(bare: Flask) -> None:
    assert posted(bare, checks=["b", "a", "b"]).checks.data == ["a", "b"]


def test_a_token_lives_through_a_second_sending(bare: Flask) -> None:
    token = uuid4()
    assert posted(bare, token=str(token)).token.data == token
    assert isinstance(posted(bare, token="damaged").token.data, UUID)


@pytest.mark.parametrize(("typed", "version"), [("7", 7), ("-1", 0), ("x", 0), ("9" * 30, 0), ("٧", 0)])
def test_a_damaged_version_matches_no_row(bare: Flask, typed: str, version: int) -> None:
    form = posted(bare, version=typed)
    assert form.version.data == version
    assert not form.version.errors


def test_a_refusal_stands_beside_its_field_or_above(bare: Flask) -> None:
    form = posted(bare)
    with bare.test_request_context():
        form.explain(DomainError("taken", field="email"))
        form.explain(DomainError("locked"))
        form.explain(DomainError("gone", field="unknown"))
    assert form.email.errors == ["taken"]
    assert form.form_errors == ["locked", "gone"]


def test_the_library_never_speaks_for_itself(bare: Flask) -> None:
    form = posted(bare, picked="z", chosen="z", checks="z", must="", line="")
    said = {str(error) for errors in form.errors.values() for error in errors}
    assert said == {"Choose one of the answers", "Choose from the answers given", "Answer this question"}


@settings(max_examples=60, deadline=None)
@given(st.text(), st.lists(st.text(), max_size=4), st.text())
def test_nothing_that_arrives_breaks_a_form(line: str, checks: list[str], rest: str) -> None:
    app = bare_app()
    clean = [text.encode("utf-8", "replace").decode() for text in (line, *checks, rest)]
    form = posted(
        app,
        line=clean[0],
        checks=clean[1:-1],
        version=clean[-1],
        token=clean[-1],
        email=clean[-1],
        must=clean[-1],
    )
    assert form.line.data is not None
    assert not any("\u202a" <= letter <= "\u202e" for letter in form.line.data)


@pytest.mark.parametrize("locale", ["ar_SY", "tr", "en_GB"])
def test_every_role_permission_and_scope_has_words(bare: Flask, locale: str) -> None:
    with bare.test_request_context(), force_locale(locale):
        assert all(str(ROLES[role]) and str(DUTIES[role]) for role in Role)
        assert all(str(PERMISSIONS[permission]) for permission in Permission)
        assert all(str(SCOPES[scope]) for scope in Scope)


def test_a_line_of_a_list_is_escaped_and_keeps_its_own_direction(bare: Flask) -> None:
    class Listing(Form):
        who = Chosen("Who", choices=())

    with bare.test_request_context():
        form = Listing()
        form.who.choices = [("", "<none>", {}), ('a"b', "Ali & <b>Veli</b>", {"dir": "ltr"})]
        form.who.data = 'a"b'
        drawn = str(form.who()).split("<option")[1:]
    assert drawn == [
        ' value="">&lt;none&gt;</option>',
        ' dir="ltr" selected value="a&#34;b">Ali &amp; &lt;b&gt;Veli&lt;/b&gt;</option></select>',
    ]
