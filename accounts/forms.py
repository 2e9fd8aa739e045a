"""The forms of accounts: signing in, joining, people, keys, the own account."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import Regexp, ValidationError

from core.access.labels import ROLES
from core.access.permissions import Role, combinable
from core.errors import DomainError
from core.reference import reference
from core.web.dates import DayField
from core.web.forms import (
    ChecksField,
    Chosen,
    CodeField,
    EmailField,
    Form,
    Limit,
    LineField,
    Picked,
    SecretField,
    TokenField,
    VersionField,
    required,
)
from core.web.labels import list_choices, province_choices
from core.web.locale import NAMES, current_language

LANGUAGES: Final = list(NAMES.items())


class SignInForm(Form):
    """First door: e-mail address and password."""

    email = EmailField(_l("E-mail address"), [required()])
    password = SecretField(_l("Password"), [required()])


class CodeForm(Form):
    """Second door: a code from the authenticator app, or the personal recovery code in its place."""

    code = CodeField(_l("Code"), [required()])


class PasswordForm(Form):
    """The password once more, before something that matters."""

    password = SecretField(_l("Password"), [required()])


def _same(form: Form, field: SecretField) -> None:
    if field.data and field.data != form.password.data:
        raise ValidationError(_("The two passwords differ. Type the same one twice."))


class NewPassword(Form):
    """A password that nobody knows yet, typed twice."""

    password = SecretField(
        _l("New password"),
        [required()],
        description=_l("At least 12 characters. Four or five words that do not belong together work well."),
    )
    again = SecretField(_l("New password, once more"), [required(), _same])


class ForgotForm(NewPassword):
    """A lost password: the personal recovery code opens the account."""

    email = EmailField(_l("E-mail address"), [required()])
    personal_code = CodeField(_l("Personal recovery code"), [required()])


class ChangePasswordForm(NewPassword):
    """A new password for somebody signed in."""

    current = SecretField(_l("Current password"), [required()])


class JoinForm(NewPassword):
    """Joining by invitation: password and authenticator app."""

    totp_code = CodeField(_l("Code that the app shows"), [required()])


class SetUpForm(JoinForm):
    """The first administrator of a new organisation."""

    name_ar = LineField(_l("Name in Arabic"), [required()], limit=Limit.NAME)
    name_tr = LineField(_l("Name in Turkish"), [required()], limit=Limit.NAME)
    name_en = LineField(_l("Name in English"), [required()], limit=Limit.NAME)
    prefix = LineField(
        _l("Letters before each case number"),
        [required(), Regexp("^[A-Z]{1,4}$", message=_l("Enter one to four Latin letters, for example H"))],
        limit=Limit.PREFIX,
        filters=[lambda text: text.upper() if text else text],
        description=_l("One to four Latin letters. A case will read H-26-00042."),
    )
    person_name = LineField(_l("Your name"), [required()], limit=Limit.NAME)
    email = EmailField(_l("Your e-mail address"), [required()])
    language = Picked(_l("Language of your pages"), [required()], choices=LANGUAGES, default="ar")
    holder_1 = LineField(_l("Holder of the first paper"), [required()], limit=Limit.NAME)
    holder_2 = LineField(_l("Holder of the second paper"), [required()], limit=Limit.NAME)
    holder_3 = LineField(_l("Holder of the third paper"), [required()], limit=Limit.NAME)

    def validate_holder_3(self, field: LineField) -> None:
        """Three different people: two papers in one hand are no protection."""
        names = {text.casefold() for text in (self.holder_1.data, self.holder_2.data, field.data) if text}
        if field.data and len(names) < len(self.holders):
            raise ValidationError(_("Name three different people"))

    def explain(self, error: DomainError) -> None:
        """What concerns the three holders together stands beside the last."""
        super().explain(
            DomainError(error.message, field={"holders": "holder_3"}.get(error.field or "", error.field))
        )

    @property
    def holders(self) -> tuple[str, str, str]:
        """The three names, in the order of the papers."""
        return str(self.holder_1.data), str(self.holder_2.data), str(self.holder_3.data)


class PapersForm(PasswordForm):
    """The papers were never seen: make new ones. A form that was sent twice does not tick the box."""

    lost = BooleanField(
        _l("I have no printed papers, or I throw them away now"),
        [required(_l("Tick this box only if the papers are lost"))],
    )


class FactorForm(Form):
    """Another authenticator in place of the one before."""

    password = SecretField(_l("Password"), [required()])
    totp_code = CodeField(_l("Code that the app shows"), [required()])


class InviteForm(Form):
    """Somebody new in the organisation."""

    name = LineField(_l("Name"), [required()], limit=Limit.NAME)
    email = EmailField(_l("E-mail address"), [required()])
    language = Picked(_l("Language of the pages"), [required()], choices=LANGUAGES, default="ar")
    roles = ChecksField(_l("Roles"), choices=list(ROLES.items()))

    def validate_roles(self, field: ChecksField) -> None:
        """Reading roles and steering roles never meet in one account."""
        if not field.data:
            raise ValidationError(_("Choose at least one role"))
        if set(field.data) <= set(Role) and not combinable(frozenset(map(Role, field.data))):
            raise ValidationError(
                _("Managers and administrators read no cases: their roles cannot be joined with the others.")
            )


class DepartForm(Form):
    """The end of an account; `forced` once the consequences have been shown."""

    forced = HiddenField()
    understood = BooleanField(_l("I have read what happens"), [required(_l("Read it and tick this box"))])

    def ask_again(self, consequence: DomainError) -> None:
        """Show what the last of a role leaves behind; only the next sending goes through."""
        self.explain(consequence)
        self.forced.data, self.understood.data = "yes", False


class GrantForm(Form):
    """A key for somebody else, after their fingerprint was compared."""

    fingerprint = HiddenField()
    compared = BooleanField(
        _l("I compared all eight groups with this person, by voice or face to face"),
        [required(_l("Compare the groups first, then tick this box"))],
    )


class ProfileForm(Form):
    """What somebody says about themselves."""

    version = VersionField()
    name = LineField(_l("Name"), [required()], limit=Limit.NAME)
    language = Picked(_l("Language of your pages"), [required()], choices=LANGUAGES)
    languages = ChecksField(_l("Languages you speak with clients"), choices=lambda: list_choices("language"))
    provinces = ChecksField(_l("Provinces where you work"), choices=province_choices)


def _groups() -> list[tuple[str, str]]:
    groups = reference().taxonomy.groups.values()
    return [(group.code, group.label.of(current_language())) for group in groups]


class WorkForm(Form):
    """What a lawyer says for the choice of who takes a file."""

    version = VersionField(default=0)
    issue_groups = ChecksField(_l("Fields you work in"), choices=_groups)
    bar = Chosen(_l("Your bar"), choices=lambda: [("", _("Not said")), *province_choices()], default="")
    gender = Picked(
        _l("Some people ask for a woman or a man. You are"),
        choices=[("f", _l("A woman")), ("m", _l("A man")), ("", _l("Not said"))],
        default="",
    )
    share = Picked(
        _l("How many files can you carry?"),
        choices=[
            ("100", _l("As many as somebody in full time")),
            ("75", _l("Three quarters of that")),
            ("50", _l("Half of that")),
            ("25", _l("A quarter of that")),
            ("0", _l("No new files at present")),
        ],
        default="100",
    )

    def values(self) -> dict[str, Any]:
        """What is kept."""
        return {
            "issue_groups": self.issue_groups.data or [],
            "bar": self.bar.data or "",
            "gender": self.gender.data or "",
            "share": int(self.share.data),
        }


class AwayForm(Form):
    """Days away; why is nobody's business."""

    token = TokenField()
    begins = DayField(_l("First day away"), [required(_l("Enter the day."))])
    ends = DayField(_l("Last day away"), [required(_l("Enter the day."))])


class EmptyForm(Form):
    """One button: nothing to type, only the proof that the page is ours."""
