"""Nothing is sealed to a partner whose root nobody compared, or whose root was exchanged since."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

import vault
from accounts.models import Organisation, PartnerRoot
from accounts.service import keys, partners
from core.errors import DomainError, Locked, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, found, on_stage


@pytest.fixture
def both(app: Flask) -> Iterator[tuple[Cast, Cast]]:
    with on_stage(app) as ours:
        yield ours, found(app, "YAD")


def confirm(ours: Cast, theirs: Cast, by: str = "admin") -> None:
    with transaction():
        partners.confirm(ours[by], theirs.organisation_id, partners.own_fingerprint(theirs["focal"]))


def test_a_compared_partner_can_be_sealed_to(both: tuple[Cast, Cast]) -> None:
    ours, theirs = both
    [line] = partners.lines(ours["caseworker"], "tr")
    assert line.receives
    assert not line.confirmed
    with pytest.raises(Locked):
        partners.key_of(ours["caseworker"], theirs.organisation_id, "partner")
    confirm(ours, theirs)
    confirm(ours, theirs, by="coordinator")
    [line] = partners.lines(ours["caseworker"], "tr")
    assert line.confirmed
    key = partners.key_of(ours["caseworker"], theirs.organisation_id, "partner")
    context = vault.Context("packet", theirs.organisation_id)
    pair = keys.open_key(theirs["focal"], "partner").pair
    assert pair.open(vault.seal_to(key.public, b"hello", context), context) == b"hello"


def test_only_what_was_compared_is_confirmed(both: tuple[Cast, Cast]) -> None:
    ours, theirs = both
    with pytest.raises(DomainError), transaction():
        partners.confirm(ours["admin"], theirs.organisation_id, partners.own_fingerprint(ours["admin"]))
    with pytest.raises(NotFound), transaction():
        partners.confirm(ours["admin"], ours.organisation_id, "")
    for name in ("caseworker", "lawyer", "manager", "focal"):
        with pytest.raises(Refused), transaction():
            partners.confirm(ours[name], theirs.organisation_id, partners.own_fingerprint(theirs["admin"]))


def test_an_exchanged_root_is_refused_even_when_the_server_vouches_for_it(both: tuple[Cast, Cast]) -> None:
    ours, theirs = both
    confirm(ours, theirs)
    false_root = vault.Signer.new().public
    with transaction():
        db.session.get_one(Organisation, theirs.organisation_id).root_public = false_root
    from accounts.service import trust

    trust.remember_root(ours.settings, theirs.organisation_id, false_root)
    with pytest.raises(Locked):
        partners.key_of(ours["caseworker"], theirs.organisation_id, "partner")
    assert not partners.lines(ours["caseworker"], "tr")[0].confirmed


def test_a_row_slipped_into_the_table_confirms_nothing(both: tuple[Cast, Cast]) -> None:
    ours, theirs = both
    confirm(ours, theirs)
    with transaction():
        row = db.session.get_one(PartnerRoot, (ours.organisation_id, theirs.organisation_id))
        row.confirmed_by = ours["caseworker"].person_id  # whose role may not confirm
        row.signature = ours["caseworker"].secret.signer.sign(
            "partner root", vault.pack(row.organisation_id, row.partner_id, row.root_public)
        )
    with pytest.raises(Locked):
        partners.key_of(ours["caseworker"], theirs.organisation_id, "partner")


def test_a_partner_without_a_key_receives_nothing(both: tuple[Cast, Cast]) -> None:
    ours, theirs = both
    confirm(ours, theirs)
    with pytest.raises(Locked):
        partners.key_of(ours["caseworker"], theirs.organisation_id, "supervision-of-none")
