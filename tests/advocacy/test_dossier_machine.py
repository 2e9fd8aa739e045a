"""Any order of writing, counting, telling, withdrawing, approving: what leaves is whole and approved.

A dossier never leaves without its three approvals of exactly its content by three people, and never with
a story that was taken back, a vignette whose words nobody counted and signed as they stand, or a figure whose
release was revoked.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import update

from advocacy.service import dossiers, figures, outputs, pulling, reviewing, sheets, stories, telling
from advocacy.service.story_seal import Draft
from core import clock
from core.errors import DomainError
from core.store.base import db
from core.store.blobs import Blobs
from core.store.transaction import transaction
from domain.dossiers import Approval
from domain.quarters import quarter_of
from domain.statistics_facts import thursday_of
from reports.models import Release
from reports.service import quarters, releases
from tests.advocacy.conftest import AGREED, released
from tests.advocacy.dossier_model import OFFICES, OTHERS, PEOPLE, PICK, Review, Told, Vignettes
from tests.advocacy.test_dossiers import filled, read
from tests.advocacy.test_stories import ask, given, read_out
from tests.advocacy.test_vignettes import withdraw
from tests.support.cast import Cast, founded, record_of

COLOURS = ("sarı", "yeşil", "kırmızı", "siyah", "beyaz", "gri", "pembe", "turuncu")
_stage: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def stage(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One organisation with releases for all examples; each example has a dossier of its own."""
    started = dt.datetime.now(dt.UTC) - dt.timedelta(days=200)
    _stage["shift"] = dt.timedelta()
    monkeypatch.setattr(clock, "now", lambda: started + _stage["shift"])
    with sqlite_app.app_context():
        _stage["cast"] = cast = founded(sqlite_app, "HAM")
        for sex in "ffffffmmmmmm":
            cast.record(record=record_of(sex=sex), consents=AGREED)
        quarter = str(quarter_of(thursday_of(clock.today())))
        _stage["shift"] = dt.timedelta(days=200)
        frozen = quarters.prepare(cast["manager"], quarter)
        with transaction():
            quarters.freeze(cast["manager"], frozen)
        _stage["releases"] = [
            released(cast, quarter, table, kind, language)
            for table in ("sex", "province", "age_band")
            for kind, language in (("csv", "en"), ("xlsx", "tr"))
        ]
        for authority in OFFICES * 3:
            cast.record(record={**record_of(), "authority": authority}, consents=AGREED)
        yield
        db.session.rollback()


class Dossiers(Vignettes):
    """The model: what stands in the dossier, what was frozen, who approved that."""

    @initialize()
    def begin(self) -> None:
        self.cast: Cast = _stage["cast"]
        self.blobs = Blobs(self.cast.settings.storage_url)
        self.dossier_id = filled(self.cast)
        ask(self.cast, self.dossier_id, "caseworker")
        self.text, self.version = "Metin: problem", 1
        self.told: dict[UUID, Told] = {}
        self.figures: dict[UUID, UUID] = {}  # figure: release
        self.review: Review | None = None
        self.files: dict[UUID, Review] = {}
        self.releases: list[UUID] = _stage["releases"]
        self.revoked: set[UUID] = set()
        self.closed = False
        self.words = itertools.count()
        self.spoilt: set[UUID] = set()  # files of which something was taken back

    @precondition(lambda self: not self.closed)
    @rule()
    def write(self) -> None:
        self.text = f"Metin {next(self.words)}"
        with transaction():
            dossiers.write_section(
                self.cast["manager"], self.dossier_id, "problem", "tr", self.version, self.text, ready=True
            )
        self.version += 1
        self.review = None

    @precondition(lambda self: not self.closed)
    @rule(pick=PICK)
    def add_figure(self, pick: int) -> None:
        chosen = self.releases[pick % len(self.releases)]
        known = {figure.id for figure in self.counted()}
        if not self.tried(lambda: figures.add(self.cast["manager"], self.dossier_id, chosen, figures.TOTAL)):
            assert chosen in self.revoked
        for figure in self.counted():
            if figure.id not in known:
                self.figures[figure.id] = chosen
                self.review = None

    @precondition(lambda self: not self.closed and self.figures)
    @rule(pick=PICK)
    def remove_figure(self, pick: int) -> None:
        figure_id = list(self.figures)[pick % len(self.figures)]
        with transaction():
            figures.remove(self.cast["manager"], self.dossier_id, figure_id)
        del self.figures[figure_id]
        self.review = None

    @precondition(lambda self: self.figures)
    @rule(pick=PICK)
    def revoke(self, pick: int) -> None:
        chosen = list(self.figures.values())[pick % len(self.figures)]
        with transaction():
            releases.revoke(self.cast["manager"], chosen, "yanlış sayılmış")
        self.revoked.add(chosen)

    @precondition(lambda self: not self.closed and len(self.of_kind(vignette=False)) < 3)
    @rule()
    def tell(self) -> None:
        case_id = self.cast.record(consents=[given("story")])
        text = f"Bir anne {COLOURS[next(self.words) % len(COLOURS)]} kapının önünde bekledi."
        with transaction():
            story_id = stories.write(
                self.cast["caseworker"], uuid4(), self.dossier_id, case_id, self.draft(text)
            )
        self.told[story_id] = Told(case_id, text)

    @precondition(lambda self: self.told)
    @rule(pick=PICK)
    def rewrite(self, pick: int) -> None:
        """The author writes anew; only while the person still agrees."""
        story_id, story = self.story(pick)
        if not story.consent and story.vignette:
            with pytest.raises(DomainError):
                self.coded(story.case_id)
            return
        draft = self.coded(story.case_id) if story.vignette else self.draft(story.text)
        with transaction() if story.consent else pytest.raises(DomainError):
            stories.rewrite(self.cast["caseworker"], story_id, story.version, draft)
        db.session.rollback()
        if story.consent:
            story.state, story.version, story.refused = "signed", story.version + 1, False

    @precondition(lambda self: self.told)
    @rule(pick=PICK)
    def take_back(self, pick: int) -> None:
        story_id, story = self.story(pick)
        with transaction():
            stories.take_back(self.cast["caseworker"], story_id)
        story.state = "pulled"
        self.spoil(story_id)

    @precondition(lambda self: self.told and not self.closed)
    @rule(pick=PICK)
    def take_out(self, pick: int) -> None:
        story_id, story = self.story(pick)
        with transaction():
            telling.take_out(self.cast["manager"], self.dossier_id, story_id)
        if story.state != "pulled":
            story.state, self.review = "pulled", None
            self.spoil(story_id)

    @precondition(lambda self: any(story.consent for story in self.told.values()))
    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        agreed = [story_id for story_id, story in self.told.items() if story.consent]
        story_id = agreed[pick % len(agreed)]
        story = self.told[story_id]
        withdraw(self.cast, story.case_id)
        story.consent, story.state = False, "pulled"
        self.spoil(story_id)

    @precondition(lambda self: self.told and _stage["shift"] < dt.timedelta(days=500))
    @rule()
    def run_out(self) -> None:
        """A consent to a story lasts six months."""
        _stage["shift"] += dt.timedelta(days=190)
        for story_id, story in self.told.items():
            story.consent, story.state = False, "pulled"
            self.spoil(story_id)
        with transaction():
            pulling.expire(self.cast.organisation_id, self.dossier_id)

    @rule(by=st.sampled_from(PEOPLE))
    def send(self, by: str) -> None:
        version = read(self.cast["manager"], self.dossier_id).version
        ready = (
            by == "manager"
            and not self.closed
            and not any(self.waits(story) for story in self.told.values())
            and not self.revoked & set(self.figures.values())
            and (self.review is None or self.stale(self.review))
        )
        sent = self.tried(lambda: reviewing.send_to_review(self.cast[by], self.dossier_id, version))
        assert sent is ready
        if sent:
            standing = {i: one for i, one in self.told.items() if self.stands(one)}
            once = {one.told or i: one.text for i, one in standing.items()}  # a composite is told once
            versions = {i: one.version for i, one in standing.items()}
            self.review = Review(self.text, versions, [*once.values()], set(self.figures.values()))

    @precondition(lambda self: self.review)
    @rule(kind=st.sampled_from(list(Approval)), by=st.sampled_from(PEOPLE))
    def approve(self, kind: Approval, by: str) -> None:
        review = self.review
        assert review is not None
        version = reviewing.frozen(read(self.cast["manager"], self.dossier_id))
        db.session.rollback()
        assert version is not None
        free = kind not in review.approvals and by not in review.approvals.values()
        allowed = (
            by in (OTHERS[:2] if kind is Approval.LEGAL else OTHERS)
            and free
            and not self.stale(review)
            and not self.closed
        )
        again = review.approvals.get(kind) == by
        given_ = self.tried(lambda: reviewing.approve(self.cast[by], self.dossier_id, version.id, kind))
        assert given_ is (allowed or again)
        if given_:
            review.approvals[kind] = by

    @precondition(lambda self: self.review)
    @rule()
    def everybody_approves(self) -> None:
        """What happens by itself too seldom."""
        for kind, by in zip(Approval, ("lawyer", "coordinator", "manager"), strict=True):
            if self.review is not None:
                self.approve(kind, by)

    @precondition(lambda self: self.review)
    @rule(paper=st.sampled_from(["paper", "full"]))
    def make_file(self, paper: str) -> None:
        made = self.ordered(paper)
        if made is not None and self.review is not None:
            with transaction():
                file_id = outputs.keep(self.cast["manager"], self.blobs, made, b"PK")
            self.files[file_id] = self.review

    @precondition(lambda self: not self.closed and not self.told and not self.files)
    @rule()
    def left_and_agreed_again(self) -> None:
        """The same: who hears the same words again takes no file back."""
        self.tell()
        self.confirm(0, "coordinator")
        self.send("manager")
        self.everybody_approves()
        self.make_file("full")
        self.rewrite(0)

    @precondition(lambda self: not self.closed)
    @rule(chance=st.integers(min_value=0, max_value=3))
    def close(self, chance: int) -> None:
        if chance:
            return
        version = read(self.cast["manager"], self.dossier_id).version
        with transaction():
            dossiers.close(self.cast["manager"], self.dossier_id, version)
        self.closed = True

    @invariant()
    def it_leaves_whole_or_not_at_all(self) -> None:
        if not hasattr(self, "dossier_id"):
            return
        made, review = self.ordered("full"), self.review
        may = (
            review is not None
            and not self.closed
            and set(review.approvals) == set(Approval)
            and len(set(review.approvals.values())) == 3
            and not self.stale(review)
        )
        assert (made is not None) is may
        if made is not None and review is not None:
            assert dict(made.sections)[next(iter(dict(made.sections)))] == review.text
            assert sorted(made.stories) == sorted(review.words)
            assert {UUID(figure["release"]) for figure in made.figures} == review.releases

    @invariant()
    def no_file_of_something_taken_back_is_handed_out(self) -> None:
        files: dict[UUID, Review] = getattr(self, "files", {})
        gone = {file_id for file_id, review in files.items() if self.is_taken_back(file_id, review)}
        for file_id in files:
            handed = self.tried(
                lambda file_id=file_id: outputs.fetch(
                    self.cast["manager"], self.blobs, self.dossier_id, file_id
                )
            )
            assert handed is (file_id not in gone)
            if handed:  # whoever fetches one has the others looked at
                self.spoilt |= gone

    def is_taken_back(self, file_id: UUID, review: Review) -> bool:
        refused = any(self.told[story_id].refused for story_id in review.told)
        return refused or file_id in self.spoilt or bool(self.revoked & review.releases)

    @invariant()
    def what_was_taken_out_is_read_no_more(self) -> None:
        if getattr(self, "told", None):
            shown = {one.id: one for one in telling.of(read(self.cast["lawyer"], self.dossier_id))}
            db.session.rollback()
            for story_id, story in self.told.items():
                assert bool(shown[story_id].texts) is (story.state != "pulled" and self.is_told(story))
                assert shown[story_id].fallen is self.fell(story_id, story)

    def teardown(self) -> None:
        """Every example begins with the same releases on the same day."""
        _stage["shift"] = dt.timedelta(days=200)
        with transaction():
            db.session.execute(update(Release).values(revoked_at=None))

    def draft(self, text: str) -> Draft:
        return read_out(Draft("3", {"tr": text}, "", counsel=False))

    def counted(self) -> list[figures.Figure]:
        found = figures.of(read(self.cast["manager"], self.dossier_id))
        db.session.rollback()
        return found

    def stale(self, review: Review) -> bool:
        changed = any(
            self.told[story_id].state != "confirmed" or self.told[story_id].version != version
            for story_id, version in review.told.items()
        )
        return changed or bool(self.revoked & review.releases)

    def ordered(self, paper: str) -> outputs.Order | None:
        try:
            with transaction():
                return outputs.order(self.cast["manager"], self.dossier_id, paper, "tr", "docx")
        except DomainError:
            return None


def the_model_notices() -> None:
    """The positive control: a review that forgets what was taken back is caught by the same checks."""
    machine = Dossiers()
    machine.begin()
    machine.tell()
    machine.confirm(0, "coordinator")
    machine.send("manager")
    machine.everybody_approves()
    machine.it_leaves_whole_or_not_at_all()
    assert machine.ordered("full") is not None
    machine.make_file("full")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reviewing, "stale", lambda _opened, _version: False)
        machine.take_back(0)
        with pytest.raises(AssertionError):
            machine.it_leaves_whole_or_not_at_all()


def the_model_notices_words_that_should_have_fallen() -> None:
    """The same for a composite that goes on being told without one of its cases."""
    machine = Dossiers()
    machine.begin()
    machine.vignettes_stand(["06", "06", "27"])
    machine.what_was_taken_out_is_read_no_more()
    assert all(machine.stands(story) for story in machine.told.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sheets.Sheet,
            "telling",
            lambda sheet, story, _standing: next(one for one in sheet.tellings if story in one.stories),
        )
        machine.take_back(0)
        with pytest.raises(AssertionError):
            machine.what_was_taken_out_is_read_no_more()


def test_any_order_of_writing_telling_and_approving() -> None:
    the_model_notices()
    the_model_notices_words_that_should_have_fallen()
    run_state_machine_as_test(
        Dossiers,
        settings=settings(
            max_examples=5,
            stateful_step_count=18,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),  # a step costs too much for shrinking
            suppress_health_check=list(HealthCheck),
        ),
    )
