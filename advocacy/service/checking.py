"""Whether a dossier's vignettes may be told: counted in a manager's session, which alone opens the facts.

Counted are the newest facts, and closed quarters as they were frozen. What was found is signed and kept in
the dossier (`sheets`); a second person then signs the very words. Nobody learns whose case a vignette is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from advocacy.service import dossiers, pulling, scanning, sheets, story_seal, telling, vignettes
from advocacy.service.sheets import Stated, Telling
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.audit import service as audit
from core.errors import Conflict, Refused
from domain.dossiers import State
from domain.stories.tellings import tellings
from domain.stories.vignettes import CodedCase
from reports.service import sealed

UNSIGNED: Final = "unsigned"
SAME_CASE: Final = "same_case"

Words = Callable[[Mapping[str, str], int], dict[str, str]]
"""The words of a telling by language, from its codes and of how many cases they are."""


@dataclass(frozen=True)
class Check:
    """What was found, not yet signed. `looked_at`: every vignette that stood then, in its version."""

    dossier_id: UUID
    looked_at: frozenset[Stated]
    told: tuple[Telling, ...] = field(repr=False)
    refused: Mapping[Stated, tuple[str, ...]] = field(repr=False)


def prepare(actor: Actor, dossier_id: UUID, words: Words) -> Check:
    """Count who else could be meant by each vignette that stands.

    Call it outside of a transaction: opening facts takes public-key operations. Raises Refused, NotFound,
    Locked without the dossier's or the statistics key, Unusable when a fact was changed.
    """
    if not may(actor, Permission.DOSSIER_EDIT):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id)
    codes: dict[str, Mapping[str, str]] = {}
    stories: dict[str, Stated] = {}
    refused: dict[Stated, tuple[str, ...]] = {}
    for one in telling.coded(opened):
        if not story_seal.signed_by_author(opened, one.row, one.digest):
            refused[one.stated] = (UNSIGNED,)
        elif one.vignette.case in codes:
            refused[one.stated] = (SAME_CASE,)
        else:
            codes[one.vignette.case], stories[one.vignette.case] = one.vignette.codes, one.stated
    found = tellings(codes, _facts(actor)) if codes else None
    looked_at = frozenset({*stories.values(), *refused})
    if found is None:
        return Check(dossier_id, looked_at, (), refused)
    refused |= {stories[case]: tuple(map(str, reasons)) for case, reasons in found.refused.items()}
    told = []
    for vignette in found.told:
        details = {detail.value: code for detail, code in vignette.told}
        texts = words(details, len(vignette.cases))
        told.append(Telling(tuple(stories[case] for case in vignette.cases), details, texts))
    return Check(dossier_id, looked_at, tuple(told), refused)


def write(actor: Actor, check: Check) -> None:
    """Sign what was found and keep it. Where it changes what is told, the dossier is a draft again.

    A vignette that does not stand any more loses its second signature, and what was made with it is flagged.
    Raises Conflict when a vignette came or went meanwhile.
    """
    opened = dossiers.to_edit(actor, check.dossier_id)
    if {one.stated for one in telling.coded(opened)} != check.looked_at:
        raise Conflict(_("A vignette was written or taken back at the same moment. Check them once more."))
    same = sheets.says(opened, check.told, check.refused)
    fallen = set()
    for row in pulling.locked(story_id for story_id, _version in check.refused):
        if row.state == "confirmed" and (row.id, row.version) in check.refused:
            row.state, row.second_id, row.second_at, row.second_signature = "signed", None, None, None
            fallen.add(row.id)
    pulling.flag_outputs(fallen)
    sheet = sheets.sign(actor, opened, check.told, check.refused)
    dossiers.changed(opened, opened.state if same else State.DRAFT, checked=sheet)
    audit.record(actor, "dossier.check", object_kind="dossier", object_id=opened.id)


def _facts(actor: Actor) -> Iterator[CodedCase]:
    """Every case of the organisation as statistics know it; who belongs together, as it is known today."""
    pairs = sealed.Pairs(actor)
    newest = scanning.facts(actor)
    shared = {one["case"]: {name: one[name] for name in ("household", "event")} for one in newest.values()}
    counted: set[UUID] = set()
    for frozen in sealed.every(actor, pairs):
        counted |= frozen.counted
        for fact in frozen.facts:
            yield vignettes.of_fact(replace(fact, **shared.get(fact.case, {})))
    for fact_id, coded in newest.items():
        if UUID(fact_id) not in counted:
            yield vignettes.of_coded(coded)
