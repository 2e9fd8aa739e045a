"""4. Substituted person and desk key; forged, re-addressed or unentitled grant; attacker-chosen case key."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select

import vault
from accounts.models import OrganisationKey, PersonKey
from accounts.service import trust
from cases.models import Case, CaseEpoch, CaseGrant, CaseKeyRing
from cases.service import files, key_places, keys, members
from core import clock
from core.errors import Locked
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage
from vault import GrantScope, Key, Pair


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def reads(cast: Cast, name: str, case_id: UUID) -> bool:
    """Whether somebody opens the case by a grant that is believed anew."""
    with transaction():
        db.session.execute(delete(CaseKeyRing).where(CaseKeyRing.person_id == cast[name].person_id))
        files.open_case(cast[name], case_id)
    return True


def grant_of(cast: Cast, name: str, case_id: UUID) -> CaseGrant:
    return db.session.scalars(
        select(CaseGrant).where(CaseGrant.case_id == case_id, CaseGrant.holder_id == cast[name].person_id)
    ).one()


def replace_grant(row: CaseGrant, case: Case, key: Key, cast: Cast, by: str, holder_public: bytes) -> None:
    """Put in a grant made by somebody else, signed with a key that is truly theirs."""
    scope = GrantScope(case.organisation_id, "case", case.id, row.holder_id)
    made = vault.grant(key, scope, holder_public, cast[by].person_id, cast[by].secret.signer)
    row.sealed, row.signature, row.granter_id = made.sealed, made.signature, cast[by].person_id
    row.created_at = clock.now()


def test_a_substituted_person_key_gets_no_grant(cast: Cast) -> None:
    case_id, mallory = cast.record(), Pair.new()
    colleague = cast["colleague"].person_id
    row = db.session.scalars(select(PersonKey).where(PersonKey.person_id == colleague)).one()
    row.hpke_public, true_public = mallory.public, row.hpke_public
    db.session.commit()
    with pytest.raises(vault.Untrusted), transaction():
        members.add(cast["coordinator"], case_id, colleague)
    db.session.get_one(PersonKey, row.id).hpke_public = true_public
    db.session.commit()
    with transaction():
        members.add(cast["coordinator"], case_id, colleague)
    assert reads(cast, "colleague", case_id)


def test_a_substituted_organisation_key_is_never_sealed_to(cast: Cast) -> None:
    given = [{"kind": "statistics", "answer": "given", "language": "ar", "how": "oral"}]
    cast.record(consents=given)
    for kind in ("supervision", "desk", "match", "statistics", "recovery"):
        row = db.session.scalars(select(OrganisationKey).where(OrganisationKey.kind == kind)).one()
        true_public, row.public = row.public, Pair.new().public
        db.session.commit()
        with pytest.raises(vault.Untrusted):
            trust.organisation_key(cast.organisation_id, kind)
        if kind in {"supervision", "statistics", "recovery"}:  # those that recording seals to
            with pytest.raises(vault.Untrusted):
                cast.record(consents=given)
        db.session.get_one(OrganisationKey, row.id).public = true_public
        db.session.commit()


def test_an_attackers_case_key_is_refused(cast: Cast) -> None:
    """A certified colleague who is not on the case writes into the database a key of their own choosing."""
    case_id = cast.record()
    assert reads(cast, "caseworker", case_id)
    case = db.session.get_one(Case, case_id)
    row = grant_of(cast, "caseworker", case_id)
    replace_grant(row, case, Key.new(), cast, "colleague", cast["caseworker"].secret.pair.public)
    db.session.commit()
    with pytest.raises(Locked):
        reads(cast, "caseworker", case_id)


def test_an_attackers_epoch_is_refused(cast: Cast) -> None:
    """The same colleague invents a whole next epoch: without the key before, nobody believes it."""
    case_id = cast.record()
    case = db.session.get_one(Case, case_id)
    first = db.session.get_one(CaseEpoch, (case_id, 1))
    chosen = Key.new(2)
    forged = CaseEpoch(
        case_id=case_id,
        epoch=2,
        commitment=key_places.commitment(chosen),
        inbox_public=Pair.new().public,
        inbox_private=first.inbox_private,
        previous=vault.wrap(Key.new(1), chosen, key_places.previous_context(case, 2)),
        restricted=False,
        made_by=cast["colleague"].person_id,
        signature=b"",
        created_at=clock.now(),
    )
    statement = key_places.statement(case.organisation_id, forged)
    forged.signature = cast["colleague"].secret.signer.sign("case epoch", statement)
    db.session.add(forged)
    row = grant_of(cast, "caseworker", case_id)
    case.epoch = row.epoch = 2
    replace_grant(row, case, chosen, cast, "colleague", cast["caseworker"].secret.pair.public)
    db.session.commit()
    with pytest.raises(Locked):
        reads(cast, "caseworker", case_id)


def test_a_grant_from_another_organisation_is_refused(cast: Cast) -> None:
    from tests.support.cast import found

    stranger = found(cast.app, "YAD")
    case_id = cast.record()
    case, row = db.session.get_one(Case, case_id), grant_of(cast, "caseworker", case_id)
    true_key = keys.case_key(cast["caseworker"], case)
    stranger.players["caseworker2"] = stranger.players["caseworker"]
    cast.players["stranger"] = stranger.players["caseworker"]
    replace_grant(row, case, true_key, cast, "stranger", cast["caseworker"].secret.pair.public)
    db.session.commit()
    with pytest.raises(Locked):
        reads(cast, "caseworker", case_id)


def test_a_re_addressed_grant_opens_nothing(cast: Cast) -> None:
    """A grant copied under another name, or to another case."""
    case_id = cast.record()
    own = cast.record("colleague")
    row = grant_of(cast, "caseworker", case_id)
    copied = {name: getattr(row, name) for name in ("sealed", "signature", "granter_id", "created_at")}
    for target, holder in ((case_id, "lawyer"), (own, "caseworker")):
        db.session.add(
            CaseGrant(
                id=uuid4(),
                case_id=target,
                epoch=1,
                holder_kind="person",
                holder_id=cast[holder].person_id,
                released=True,
                expires_at=None,
                **copied,
            )
        )
    db.session.commit()
    for target, holder in ((case_id, "lawyer"), (own, "caseworker")):
        with transaction():
            assert keys.held(cast[holder], db.session.get_one(Case, target)) is None


def test_a_forged_signature_is_refused(cast: Cast) -> None:
    case_id = cast.record()
    row = grant_of(cast, "caseworker", case_id)
    row.signature = bytes([row.signature[0] ^ 1]) + row.signature[1:]
    db.session.commit()
    with pytest.raises(Locked):
        reads(cast, "caseworker", case_id)
