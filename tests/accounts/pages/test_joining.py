"""Set-up, invitations and joining, through the pages."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import select

import vault
from accounts.models import Organisation, OrganisationKey
from accounts.service import papers, recovery, setup
from core.audit.models import AuditEntry
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import PASSWORD

SET_UP = {
    "name_ar": "منظمة ثانية",
    "name_tr": "İkinci Dernek",
    "name_en": "Second Association",
    "person_name": "Amal Invented",
    "language": "ar",
    "password": PASSWORD,
    "again": PASSWORD,
    "holder_1": "Bir",
    "holder_2": "İki",
    "holder_3": "Üç",
}
LONG = "ش" * 100_000


def link(house: Any) -> str:
    with house.app.app_context():
        return f"/set-up/{setup.new_link(house.cast.settings)}"


def now(house: Any, secret: str) -> str:
    return str(pyotp.TOTP(secret).at(house.clock.instant))


def typed(house: Any, guest: Any, letters: str, /, **changes: object) -> dict[str, object]:
    return {
        **SET_UP,
        "prefix": letters,
        "email": f"amal@{letters.lower()}.example",
        "totp_code": now(house, guest.authenticator),
        **changes,
    }


def invited(house: Any, name: str, *roles: str) -> str:
    """The path of an invitation made through the page."""
    admin = house.at("admin")
    admin.fill("/people/invite", name=name, email=f"{name}@ham.example", language="tr", roles=list(roles))
    [address] = admin.codes
    return str(address).removeprefix("https://localhost")


def test_a_new_organisation_ends_on_its_papers(house: Any) -> None:
    path, guest = link(house), house.guest("tr")
    guest.get(path)
    assert "<svg" in guest.page
    secret = guest.authenticator
    answer = guest.post(path, **typed(house, guest, "YEN"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(set(guest.codes)) == 4
    assert guest.page.count('class="sheet') == 3
    for language, direction in (("ar", "rtl"), ("tr", "ltr"), ("en", "ltr")):
        assert guest.page.count(f'<div lang="{language}" dir="{direction}"') == 3
    for holder in ("Bir", "İki", "Üç"):
        assert holder in guest.text
    assert "Second Association" not in guest.text
    house.clock.advance(hours=1)
    assert house.guest().get(path).status_code == 404

    house.clock.advance(seconds=31)
    admin = house.guest()
    admin.fill("/sign-in", email="amal@yen.example", password=PASSWORD)
    assert admin.fill("/sign-in/code", code=now(house, secret)).location == "/desk"
    assert admin.get("/desk").status_code == 200
    assert 'lang="ar" dir="rtl"' in admin.page


def test_lost_papers_are_made_anew_and_the_first_ones_open_nothing(house: Any) -> None:
    """The page went missing on the way: link, password and a tick bring new papers, for an hour."""
    path, guest = link(house), house.guest()
    guest.get(path)
    fields = typed(house, guest, "ANEW")
    guest.post(path, **fields)
    _own, *first = guest.codes
    # The same form again, as after a double click or a reload: nothing happens to papers that may be printed.
    assert guest.post(path, **fields).status_code == 422
    assert guest.codes == []
    assert "The organisation is set up" in guest.text
    assert guest.post(path, password="wrong", lost="y").status_code == 422
    assert "This is not your password" in guest.text
    assert guest.post(path, password=PASSWORD, lost="y").status_code == 200
    own, *second = guest.codes
    assert "open nothing any more" in guest.text
    assert len({own, *first, *second}) == 7
    with house.app.app_context():
        home = db.session.scalars(select(Organisation.id).where(Organisation.prefix == "ANEW")).one()
        with pytest.raises(vault.Unreadable):
            recovery.open_with_papers(home, dict(enumerate(first, 1)))
        prepared = recovery.prepare(
            house.cast.settings, home, {1: second[0], 3: second[2]}, str(fields["email"])
        )
        with transaction():
            assert recovery.recover_person(prepared)  # the root is under the new papers
        acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.organisation_id == home)).all()
    assert acts.count("papers.renew") == acts.count("papers.renew_fail") == 1
    house.clock.advance(hours=1)
    assert guest.get(path).status_code == 404
    assert guest.post(path, password=PASSWORD, lost="y").status_code == 404


def test_the_password_for_new_papers_cannot_be_guessed_from_many_addresses(house: Any) -> None:
    path, guest = link(house), house.guest()
    guest.get(path)
    guest.post(path, **typed(house, guest, "MANY"))
    answers = [
        house.guest().fill(path, password=f"wrong {tried}", lost="y").status_code for tried in range(10)
    ]
    assert answers == [422] * 10
    assert house.guest().get(path).status_code == 429


def test_papers_that_hold_keys_are_not_replaced(house: Any) -> None:
    path, guest = link(house), house.guest()
    guest.get(path)
    guest.post(path, **typed(house, guest, "KEPT"))
    with house.app.app_context(), transaction():
        row = db.session.scalars(
            select(OrganisationKey)
            .join(Organisation, Organisation.id == OrganisationKey.organisation_id)
            .where(Organisation.prefix == "KEPT", OrganisationKey.kind == "root")
        ).one()
        papers.key_row(uuid4(), row.organisation_id, "desk", b"", None, row.created_by)
    assert guest.fill(path, password=PASSWORD, lost="y").status_code == 422
    assert "can no longer be replaced" in guest.text
    assert guest.codes == []


def test_reloading_shows_the_same_picture_and_another_browser_another(house: Any) -> None:
    path, guest, other = link(house), house.guest(), house.guest()
    secrets = []
    for who in (guest, guest, other):
        who.get(path)
        secrets.append(who.authenticator)
    assert secrets[0] == secrets[1] != secrets[2]


def test_what_is_refused_keeps_everything_but_secrets(house: Any) -> None:
    path, guest = link(house), house.guest()
    guest.get(path)
    fields = typed(house, guest, "NO", totp_code="000000", holder_3="Bir")
    assert guest.post(path, **fields).status_code == 422
    page = unescape(guest.page)
    assert "Name three different people" in page
    assert "منظمة ثانية" in page
    assert PASSWORD not in page
    assert 'value="000000"' not in page
    assert guest.post(path, **{**fields, "holder_3": "Üç"}).status_code == 422
    assert "This code does not fit" in guest.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prefix", "HAM"),
        ("prefix", "hä"),
        ("prefix", "ABCDE"),
        ("email", "admin@ham.example"),
        ("email", "none"),
        ("password", "password1234"),
        ("again", "something-else-12"),
        ("language", "xx"),
        ("holder_2", "Bir"),
    ],
)
def test_a_field_that_cannot_be_accepted_says_so_beside_itself(house: Any, name: str, value: str) -> None:
    path, guest = link(house), house.guest()
    guest.get(path)
    changes = {name: value, "again": value} if name == "password" else {name: value}
    assert guest.post(path, **typed(house, guest, "OTH", **changes)).status_code == 422
    beside = {"holder_2": "holder_3"}.get(name, name)
    assert f'id="{beside}-error"' in guest.page or f'href="#{beside}-0"' in guest.page


@pytest.mark.parametrize("name", [*SET_UP, "prefix", "email", "totp_code"])
@pytest.mark.parametrize("value", [LONG, "\u202e\u2069", "", "👩‍⚖️" * 200])
def test_anything_may_be_typed_into_the_set_up(house: Any, name: str, value: str) -> None:
    path, guest = link(house), house.guest("ar")
    guest.get(path)
    assert guest.post(path, **typed(house, guest, "ANY", **{name: value})).status_code == 422


def test_names_lose_what_cannot_be_seen(house: Any) -> None:
    path, guest = link(house), house.guest()
    guest.get(path)
    hidden = typed(house, guest, "HID", person_name="\u202eAmal\u0000 \u2066 Invented", holder_1="\u202bBir")
    assert guest.post(path, **hidden).status_code == 200
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", guest.page)


@pytest.mark.parametrize(
    "path", ["/set-up/none", "/set-up/%D8%B4", "/join/none", "/join/%D8%B4", f"/join/{'A' * 64}"]
)
def test_a_link_that_was_never_made_is_not_there(house: Any, guest: Any, path: str) -> None:
    assert guest.get(path).status_code == 404
    assert guest.post(path, password=PASSWORD).status_code in {400, 404}


def test_an_invitation_leads_to_the_desk_once(house: Any) -> None:
    path, guest = invited(house, "selim", "caseworker", "lawyer"), house.guest("tr")
    guest.get(path)
    assert "Uydurma Dernek" in guest.text
    assert "selim" in guest.text
    assert "selim" not in guest.title
    secret = guest.authenticator
    weak = guest.post(path, password="password1234", again="password1234", totp_code=now(house, secret))
    assert weak.status_code == 422
    assert guest.post(path, password=PASSWORD, again=PASSWORD, totp_code="1").status_code == 422
    done = guest.post(path, password=PASSWORD, again=PASSWORD, totp_code=now(house, secret))
    assert done.status_code == 200
    assert len(guest.codes) == 1

    house.clock.advance(seconds=31)
    guest.fill("/sign-in", email="selim@ham.example", password=PASSWORD)
    assert guest.fill("/sign-in/code", code=now(house, secret)).location == "/desk"
    assert guest.get("/cases").status_code == 200
    assert guest.get("/people").status_code == 404


def test_a_double_click_at_the_end_of_joining_loses_nobody(house: Any) -> None:
    """The second answer, which may be the only one that is seen, leads to the desk and to a new code."""
    path, guest = invited(house, "twofold", "lawyer"), house.guest()
    guest.get(path)
    secret, form = guest.authenticator, guest.csrf
    typed = {"password": PASSWORD, "again": PASSWORD, "totp_code": now(house, secret)}
    assert guest.post(path, **typed).status_code == 200
    [first] = guest.codes
    guest.csrf = form
    assert guest.post(path, **typed).status_code == 200
    assert "You have joined" in guest.text
    assert first not in guest.page
    assert "twofold" not in house.guest().get(path).text
    goal = re.findall(r'href="(/sign-in\?next=[^"]+)"', guest.page)[0]
    house.clock.advance(seconds=31)
    sent = guest.fill(goal, email="twofold@ham.example", password=PASSWORD).location
    assert guest.fill(sent, code=now(house, secret)).location == "/account/code"
    assert guest.fill("/account/code").status_code == 200
    [second] = guest.codes
    assert second != first
    house.clock.advance(hours=1)
    assert house.guest().get(path).status_code == 404


def test_a_withdrawn_or_expired_invitation_is_not_there(house: Any) -> None:
    path = invited(house, "withdrawn", "lawyer")
    admin = house.at("admin")
    admin.get("/people")
    assert "withdrawn" in admin.text
    row = admin.page[admin.page.index("withdrawn") :]  # others may be invited too
    withdraw = re.findall(r'action="(/people/invitations/[^"]+/withdraw)"', row)[0]
    assert admin.post(withdraw).location == "/people"
    assert house.guest().get(path).status_code == 404
    assert admin.post(withdraw).status_code == 404

    path = invited(house, "expired", "lawyer")
    house.clock.advance(days=7, seconds=1)
    assert house.guest().get(path).status_code == 404
    admin = house.at("admin")
    admin.get("/people")
    assert "Expired" in admin.text


@pytest.mark.parametrize(
    "roles", [[], ["manager", "lawyer"], ["root"], ["administrator", "coordinator", "manager"]]
)
def test_roles_that_never_meet_are_refused(house: Any, roles: list[str]) -> None:
    admin = house.at("admin")
    answer = admin.fill("/people/invite", name="N", email="n@ham.example", language="tr", roles=roles)
    assert answer.status_code == 422
    assert 'href="#roles-0"' in admin.page


@pytest.mark.parametrize("name", ["name", "email", "language", "roles"])
@pytest.mark.parametrize("value", [LONG, "\u202e", "", "👍" * 300])
def test_anything_may_be_typed_into_an_invitation(house: Any, name: str, value: str) -> None:
    admin = house.at("admin", "ar")
    fields = {"name": "N", "email": "n@ham.example", "language": "tr", "roles": "lawyer", name: value}
    assert admin.fill("/people/invite", **fields).status_code == 422


def test_an_address_is_invited_once(house: Any) -> None:
    invited(house, "twice", "lawyer")
    admin = house.at("admin")
    fields = {"name": "N", "language": "tr", "roles": "lawyer"}
    assert admin.fill("/people/invite", email="TWICE@ham.example", **fields).status_code == 422
    assert 'id="email-error"' in admin.page


@pytest.mark.parametrize("name", ["coordinator", "caseworker", "lawyer", "manager"])
def test_nobody_but_an_administrator_invites(house: Any, name: str) -> None:
    assert house.at(name).get("/people/invite").status_code == 404
