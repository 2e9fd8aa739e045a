"""What should stand in a dossier, for the machine that tries any order of acts; its acts with vignettes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from advocacy import vignette_words
from advocacy.service import checking, stories, telling
from advocacy.service.story_seal import Draft
from advocacy.service.telling import Story
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from tests.advocacy.conftest import AGREED
from tests.advocacy.test_dossiers import read
from tests.advocacy.test_stories import given, read_out
from tests.support.cast import Cast, record_of

PICK = st.integers(min_value=0, max_value=1000)
OTHERS = ("lawyer", "other_lawyer", "coordinator", "manager")
PEOPLE = (*OTHERS, "caseworker")
OFFICES = ("pdmm", "ggm", "police")


@dataclass
class Told:
    """A story in the model."""

    case_id: UUID
    text: str
    state: str = "signed"
    version: int = 1
    consent: bool = True
    vignette: bool = False
    refused: bool = False
    told: str = ""  # the words of a vignette as a check found them
    signed: str = ""  # and as they were when somebody signed
    group: dict[UUID, int] = field(default_factory=dict)  # it is told with these, in these versions

    def is_told(self, alive: dict[UUID, int]) -> bool:
        """Whether it has words: a vignette only while all it is told with stand in these versions."""
        return not self.vignette or (bool(self.group) and self.group.items() <= alive.items())

    def checked(self, shown: Story) -> None:
        """Take over what a check found."""
        self.group = dict(shown.told.stories) if shown.told else {}
        self.told = str(shown.told.digest) if shown.told else ""
        self.text = shown.told.texts["tr"] if shown.told else ""
        self.refused = bool(shown.refused)


@dataclass
class Review:
    """What was frozen, in the model: texts, stories in their versions, releases; and who approved."""

    text: str
    told: dict[UUID, int]
    words: list[str]
    releases: set[UUID]
    approvals: dict[str, str] = field(default_factory=dict)


class Vignettes(RuleBasedStateMachine):
    """Vignettes written, counted and signed, and every story signed."""

    cast: Cast
    dossier_id: UUID
    told: dict[UUID, Told]
    review: Review | None
    files: dict[UUID, Review]
    spoilt: set[UUID]  # files of which something was taken back
    closed: bool

    @precondition(lambda self: not self.closed and len(self.of_kind(vignette=True)) < 4)
    @rule(province=st.sampled_from(["34", "06", "06", "27"]))
    def tell_vignette(self, province: str) -> None:
        """In 34 it can stand alone from the start, elsewhere together with two others."""
        record = {**record_of(), "province": province, "authority": OFFICES[len(self.told) % 3]}
        case_id = self.cast.record(record=record, consents=[*AGREED, given("story")])
        draft = self.coded(case_id)
        with transaction():
            story_id = stories.write(self.cast["caseworker"], uuid4(), self.dossier_id, case_id, draft)
        self.told[story_id] = Told(case_id, "", vignette=True)

    @precondition(lambda self: self.of_kind(vignette=True))
    @rule()
    def check(self) -> None:
        """What a check finds is for `tests/domain/test_tellings.py`; here it counts what follows from it."""
        before = read(self.cast["manager"], self.dossier_id).checked
        db.session.rollback()
        found = checking.prepare(self.cast["manager"], self.dossier_id, vignette_words.texts)
        assert self.tried(lambda: checking.write(self.cast["manager"], found)) is not self.closed
        if self.closed:
            return
        opened = read(self.cast["manager"], self.dossier_id)
        shown = {one.id: one for one in telling.of(opened)}
        if not before or before["content"] != opened.checked["content"]:
            self.review = None
        db.session.rollback()
        for story_id, story in self.of_kind(vignette=True).items():
            story.checked(shown[story_id])
            if story.refused and story.state == "confirmed":
                story.state = "signed"
                self.spoil(story_id)

    def spoil(self, story_id: UUID) -> None:
        self.spoilt |= {file_id for file_id, review in self.files.items() if story_id in review.told}

    @precondition(lambda self: not self.closed and not self.of_kind(vignette=True))
    @rule(provinces=st.sampled_from([["34"], ["06", "06", "27"], ["34", "06", "27", "27"]]))
    def vignettes_stand(self, provinces: list[str]) -> None:
        """What happens by itself too seldom."""
        for province in provinces:
            self.tell_vignette(province)
        self.check()
        for pick in range(len(self.told)):
            self.confirm(pick, "coordinator")

    @precondition(lambda self: self.told)
    @rule(pick=PICK, by=st.sampled_from(PEOPLE))
    def confirm(self, pick: int, by: str) -> None:
        story_id, story = self.story(pick)
        before = "confirmed" if self.stands(story) else "signed" if story.state != "pulled" else "pulled"
        seen = {one.id: one.read.hex() for one in telling.of(read(self.cast["manager"], self.dossier_id))}
        db.session.rollback()
        sign = (self.cast[by], self.dossier_id, story_id, story.version, seen[story_id])
        if self.tried(lambda: telling.confirm(*sign)):
            assert by in OTHERS
            assert story.consent
            assert before != "pulled"
            assert self.is_told(story)
            if before == "signed":
                story.state, story.signed, self.review = "confirmed", story.told, None
        elif before == "signed" and by in OTHERS and not self.closed:
            assert not story.consent or not self.is_told(story)

    def coded(self, case_id: UUID) -> Draft:
        """A vignette as its case offers it, heard by the person."""
        with transaction():
            vignette = stories.offer(self.cast["caseworker"], case_id, "3")
        return read_out(Draft("3", {}, "", counsel=False, vignette=vignette))

    def of_kind(self, *, vignette: bool) -> dict[UUID, Told]:
        return {story_id: story for story_id, story in self.told.items() if story.vignette is vignette}

    def is_told(self, story: Told) -> bool:
        return story.is_told({i: one.version for i, one in self.told.items() if one.state != "pulled"})

    def stands(self, story: Told) -> bool:
        return story.state == "confirmed" and self.is_told(story) and story.signed == story.told

    def waits(self, story: Told) -> bool:
        """For a check or for its second signature."""
        return story.state != "pulled" and not story.refused and not self.stands(story)

    def fell(self, story_id: UUID, story: Told) -> bool:
        """Whether it stands as it was checked, and another of its composite does not."""
        same = story.state != "pulled" and story.group.get(story_id) == story.version
        return same and not self.is_told(story)

    def story(self, pick: int) -> tuple[UUID, Told]:
        story_id = list(self.told)[pick % len(self.told)]
        return story_id, self.told[story_id]

    def tried(self, act: Any) -> bool:
        try:
            with transaction():
                act()
        except DomainError:
            return False
        return True
