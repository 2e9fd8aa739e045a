"""Forms of the whole product: cleaned text with a named limit, errors in the reader's language, nothing lost.

What a person typed stays in the form when something is wrong with it; passwords and codes never do.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4, uuid5

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, Select, html_params

from core.access import guard
from core.errors import DomainError
from domain.text import clean_text, fold_digits

Validator = Callable[..., Any]


class Limit(IntEnum):
    """How many characters each kind of text may have; also what the page names and counts down."""

    PREFIX = 4
    CODE = 80
    PHONE = 40
    NUMBER = 40
    SHORT = 80
    NAME = 120
    LINE = 200
    PASSWORD = 200
    EMAIL = 254
    QUERY = 200
    REASON = 2_000
    NOTE = 20_000
    NARRATIVE = 40_000
    CONVERSATION = 200_000


# What WTForms says by itself, said in our words.
_WORDS: Final = {
    "Not a valid choice.": _l("Choose one of the answers"),
    "Invalid Choice: could not coerce.": _l("Choose one of the answers"),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Choose from the answers given"),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from the answers given"),
    "'%(value)s' are not valid choices for this field.": _l("Choose from the answers given"),
    "This field is required.": _l("Answer this question"),
    "Not a valid integer value.": _l("Enter a whole number"),
    "Invalid CSRF Token.": _l("The page was open too long. Send it again."),
    "CSRF token missing.": _l("The page was open too long. Send it again."),
    "CSRF failed.": _l("The page was open too long. Send it again."),
    "CSRF token expired.": _l("The page was open too long. Send it again."),
    # Flask-WTF's own, which come as they are.
    "The CSRF token is missing.": _l("The page was open too long. Send it again."),
    "The CSRF session token is missing.": _l(
        "Your browser keeps no cookies for this site. Allow them, open the page again, then send."
    ),
    "The CSRF token has expired.": _l("The page was open too long. Send it again."),
    "The CSRF token is invalid.": _l("The page was open too long. Send it again."),
    "The CSRF tokens do not match.": _l("The page was open too long. Send it again."),
}


class _Words:
    """WTForms' messages in the three languages, from the same catalogues as everything else."""

    def gettext(self, text: str) -> str:
        return str(_WORDS.get(text, text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


class Form(FlaskForm):
    """The base of every form."""

    kept_draft: str | None = None  # of a form that can come back: which draft is in it, "" for none
    returned: Any = None  # set when a draft brought it back; the macro of forms then says so
    of_one_version: ClassVar[tuple[str, ...]] = ()  # what a draft does not carry over to another version
    read_out: ClassVar[tuple[str, ...]] = ("version",)  # the hidden fields that tell which version that is

    class Meta(FlaskForm.Meta):
        """How the fields of every form speak."""

        def get_translations(self, _form: object) -> _Words:
            """Our own words instead of the library's."""
            return _Words()

    def explain(self, error: DomainError) -> None:
        """Put what a service refused beside its field, or above the form when it concerns none."""
        if error.as_new:
            self["token"].renew()
        if error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, str(error.message)]
        else:
            self.form_errors.append(str(error.message))


class TokenField(wtforms.HiddenField):
    """A UUID made with the page, so that a form sent twice is carried out once; `data` is never None.

    What the page carries is a name among those of whoever sends it (RFC 9562, version 5): a token that was
    copied from somebody else's form means nothing, finds nothing and tells nothing.
    """

    data: UUID
    carried: UUID

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take the token that came with the form; a fresh page, or a damaged token, gets a new one."""
        super().process(*args, **kwargs)
        try:
            self.carried = UUID(str(self.data))
        except ValueError:
            self.carried = uuid4()
        sender = guard.visitor()
        self.data = uuid5(sender.person_id, self.carried.hex) if sender else self.carried

    def renew(self) -> None:
        """Let the page carry another token: what is sent with it is something new."""
        self.carried = uuid4()

    def _value(self) -> str:
        """The token as the page carries it."""
        return str(self.carried)


class VersionField(wtforms.IntegerField):
    """The version of the row as the page showed it; saving compares it. `data` is 0 when it came damaged."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a whole number; anything else is a version that no row ever has."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0

    def _value(self) -> str:
        """What the page carries: the newer version that a conflict put here, not the stale one that came."""
        return str(self.data or 0)


class LinkField(wtforms.HiddenField):
    """What the form belongs to, as the address of its page says; a draft of it keeps that as well."""

    data: str

    def process_data(self, value: str | None) -> None:
        """An id as text, or nothing."""
        self.data = value or ""


class VersionForm(Form):
    """Which version an act means; nothing is typed."""

    version = VersionField()


def required(message: Any = None) -> DataRequired:
    """The question must be answered."""
    return DataRequired(message or _l("Answer this question"))


def optional() -> Optional:
    """The question may stay empty."""
    return Optional()


class _Limited:
    """A text with at most `limit` characters, checked after cleaning and before anything else looks at it."""

    limit: int
    data: str

    def process_data(self, value: str | None) -> None:
        """What stands in the field before anybody types; text, never None."""
        self.data = value or ""

    def pre_validate(self, _form: object) -> None:
        """Refuse what is too long; the other checks then don't run on it."""
        length = len(self.data)
        if length > self.limit:
            raise StopValidation(
                _("Shorten this to %(limit)d characters. It has %(length)d.", limit=self.limit, length=length)
            )


class LineField(_Limited, wtforms.StringField):
    """One line of text, cleaned; `data` is text, never None."""

    multiline = False

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Validator] = (),
        *,
        limit: int = Limit.LINE,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators), **kwargs)
        self.limit = limit

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Keep what a person meant to type: no control characters, no hidden changes of direction."""
        text = str(valuelist[0]) if valuelist else ""
        # Cleaned at any length, so that what is too long stands in the page again, clean, with its error.
        self.data = clean_text(text, sys.maxsize, lines=self.multiline)


class TextField(LineField, wtforms.TextAreaField):
    """Several lines of text, cleaned; line ends are kept."""

    multiline = True
    widget = wtforms.TextAreaField.widget

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Validator] = (),
        *,
        limit: int = Limit.NOTE,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, limit=limit, **kwargs)


class CodeField(LineField):
    """A one-time or recovery code from a telephone or a paper; digits become Latin; never shown again."""

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Validator] = (),
        *,
        limit: int = Limit.CODE,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, limit=limit, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean, and fold Arabic-Indic and Persian digits."""
        super().process_formdata(valuelist)
        self.data = fold_digits(self.data)

    def _value(self) -> str:
        return ""


class SecretField(_Limited, wtforms.PasswordField):
    """A password: composed the same on every keyboard (NFC), otherwise as typed, and never shown again."""

    limit = Limit.PASSWORD

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Compose; a decomposed "é" from one phone is the same password as from another."""
        self.data = unicodedata.normalize("NFC", str(valuelist[0])) if valuelist else ""


# Only the shape: that an address is real shows when somebody uses it.
ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class EmailField(LineField, wtforms.EmailField):
    """An e-mail address, lower case."""

    widget = wtforms.EmailField.widget

    def __init__(self, label: Any = None, validators: Iterable[Validator] = (), **kwargs: Any) -> None:
        super().__init__(label, [*validators, _address], limit=Limit.EMAIL, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean and lower, so that one address is one account."""
        super().process_formdata(valuelist)
        self.data = self.data.lower()


def _address(_form: object, field: EmailField) -> None:
    if field.data and not ADDRESS.fullmatch(field.data):
        raise ValidationError(_("Enter an e-mail address, for example name@example.org"))


Pairs = Iterable[tuple[str, Any]]
Offer = Pairs | Mapping[str, Pairs]  # pairs of code and label, or such pairs under the names of groups


def _offered(choices: Offer | Callable[[], Offer]) -> Any:
    """The choices as WTForms wants them; a function is asked when the form is made."""
    if callable(choices):
        return lambda: _offered(choices())
    groups = choices.items() if isinstance(choices, Mapping) else [("", choices)]
    return [
        SelectChoice(code, label, optgroup=name or None) for name, pairs in groups for code, label in pairs
    ]


class _Offering(wtforms.SelectField):
    """A question with given answers: pairs, pairs under group names, or a function that gives either."""

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Validator] = (),
        *,
        choices: Offer | Callable[[], Offer] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators), choices=_offered(choices), **kwargs)


class ChecksField(_Offering, wtforms.SelectMultipleField):
    """Any number of answers as check boxes; `data` is a list, in the order of the choices."""

    data: list[str]
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_data(self, value: Iterable[str] | None) -> None:
        """The answers so far."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Each answer once, in the order in which the page lists them; unknown ones stay for the error."""
        given = set(valuelist)
        known = [choice.value for choice in self.iter_choices() if choice.value in given]
        self.data = [*known, *sorted(given.difference(known))]


class _Single(_Offering):
    """A question without an answer is empty, not the word "None"."""

    data: str

    def process_data(self, value: str | None) -> None:
        """The answer so far."""
        self.data = value or ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """One code, or nothing."""
        self.data = valuelist[0] if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        """An unanswered question is for `required` to refuse; anything else must be one of the choices."""
        if self.data:
            super().pre_validate(form)


class Picked(_Single, wtforms.RadioField):
    """One answer as radio buttons; `data` is a code, or "" when none was given."""

    widget = wtforms.RadioField.widget
    option_widget = wtforms.RadioField.option_widget


class _List(Select):
    """A list to choose from. Some have hundreds of lines, and WTForms' writer of attributes is slow."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **_kwargs: Any) -> Markup:
        """One line of it."""
        more = f" {html_params(**choice.render_kw)}" if choice.render_kw else ""
        selected = " selected" if choice.selected else ""
        return Markup(  # noqa: S704 - every part is escaped
            f'<option{more}{selected} value="{escape(choice.value)}">{escape(choice.label)}</option>'
        )


class Chosen(_Single):
    """One answer from a list; `data` is a code or "". Where none is allowed, "" is the first choice."""

    widget = _List()
