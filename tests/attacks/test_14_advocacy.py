"""14. Planted details of a case and of a draft: in no pattern, paper, page of a reader, log or address."""

from __future__ import annotations

import io
import re
import zipfile
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from advocacy.service import dossiers, stories, telling
from cases.models import Case
from config.logs import configure_logs
from core.jobs.models import OutboxMessage
from core.store.base import db
from core.store.transaction import transaction
from domain.dossiers import NEEDED
from tests.advocacy.conftest import AGREED, recur
from tests.advocacy.test_stories import PLAIN, given, read_out
from tests.attacks import thief
from tests.support.cast import record_of
from tests.support.rendering import inside, text
from tests.support.world import Browser, World

NAME, FATHER, TOLD = "Zülküfnâr Eşsizoğlu", "Benzersizbaba", "Yalnızca-bu-dosyada-geçen"
PLANTED = (NAME, NAME.upper(), FATHER, TOLD, "+905321112233", "05321112233", "0532 111 22 33")
TITLE, SENTENCE, REASON = "Taslakbaşlığı", "Yalnızca-taslakta-geçen", "Yalnızca-kararda-geçen"
STORY = "Bir anne, kaydının neden pasife alındığını öğrenemedi."


def record(world: World) -> UUID:
    """Five cases with planted details, one of which tells its story."""
    client = {"name_latin": NAME, "father": FATHER, "phones": [
        {"number": "+905321112233", "whose": "own", "channels": ["call"], "hours": "", "message_ok": "no",
         "cover_name": ""}
    ]}  # fmt: skip # what is planted
    planted = {**record_of(**client), "narrative": TOLD}
    with world.app.app_context():
        recur(world.cast, 4, consents=AGREED, **planted)
        return world.cast.record(record=planted, consents=[*AGREED, given("story")])


def written(world: World, case_id: UUID) -> UUID:
    """A dossier with everything a review needs and a story from the planted case."""
    cast = world.cast
    with world.app.app_context():
        with transaction():
            dossier_id = dossiers.begin(cast["manager"], uuid4(), {"tr": TITLE}, {})
            for section in sorted(NEEDED):
                dossiers.write_section(cast["manager"], dossier_id, section, "tr", 0, SENTENCE, ready=True)
            telling.ask(cast["manager"], dossier_id, [cast["caseworker"].person_id], SENTENCE)
        with transaction():
            stories.write(cast["caseworker"], uuid4(), dossier_id, case_id, read_out(PLAIN))
    return dossier_id


def follow(browser: Browser, pattern: str) -> str:
    """The first address on the page that looks so."""
    return str(re.findall(pattern, browser.page)[0])


def approve(world: World, path: str) -> list[str]:
    """Signed, frozen and approved in three browsers; every page that was read."""
    coordinator, manager = world.browser("coordinator"), world.browser("manager")
    seen = []
    for reader in (coordinator, manager):
        reader.get(path)
        seen.append(reader.page)
    story = follow(coordinator, r'href="(/dossiers/[^"]+/stories/[^"]+)"')
    coordinator.get(story)
    seen.append(coordinator.page)
    assert STORY in coordinator.text
    coordinator.post(f"{story}/confirm", version="1")
    manager.get(path)
    manager.post(f"{path}/review", version=follow(manager, r'name="version"[^>]*value="(\d+)"'))
    for name in ("lawyer", "coordinator", "manager"):
        reader = world.browser(name)
        reader.get(f"{path}/review")
        seen.append(reader.page)
        reader.post(follow(reader, r'action="(/dossiers/[^"]+/approve/[^"]+)"'))
    return seen


def files(world: World, path: str) -> dict[tuple[str, str], bytes]:
    """Both papers in both formats, as they are handed out."""
    manager = world.browser("manager")
    made: dict[tuple[str, str], bytes] = {}
    known: set[str] = set()
    for paper in ("paper", "full"):
        for kind in ("pdf", "docx"):
            manager.get(path)
            assert manager.post(f"{path}/files", paper=paper, language="tr", format=kind).location == path
            manager.get(path)
            new = set(re.findall(rf'href="({path}/files/[^"]+)"', manager.page)) - known
            known |= new
            [file] = new
            answer = manager.get(file)
            assert TITLE not in str(answer.headers)
            made[paper, kind] = answer.data
    return made


def opened(content: bytes) -> str:
    """Everything in a file: of a PDF its words and streams, of a DOCX its parts."""
    if content.startswith(b"%PDF"):
        return " ".join(text(content)) + inside(content).decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return " ".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_what_a_case_holds_reaches_no_pattern_and_no_paper(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    configure_logs("debug", log)
    case_id = record(world)
    with world.app.app_context():
        reference = db.session.get_one(Case, case_id).reference
    caseworker = world.browser("caseworker")
    caseworker.get(f"/cases/{case_id}")
    assert TOLD in caseworker.page  # it is there, for its caseworker

    manager = world.browser("manager")
    answer = manager.get("/patterns")
    while answer.location:
        answer = manager.get(answer.location)
    seen = [manager.page]
    pattern = follow(manager, r'class="row-link" href="(/patterns/[^"]+)"')
    manager.get(pattern)
    seen.append(manager.page)
    manager.post(pattern, last="", verdict="accepted", reason=REASON)
    world.browser("lawyer").fill("/patterns/propose", token=str(uuid4()), issue="A02", text=REASON)
    path = f"/dossiers/{written(world, case_id)}"
    seen += approve(world, path)
    made = {which: opened(content) for which, content in files(world, path).items()}
    assert STORY in made["full", "docx"]
    assert "pasife" in made["full", "pdf"]
    assert all(TITLE in words for words in made.values())

    # A fault whose message holds what was written.
    def refuse(*_args: object) -> None:
        raise ValueError(f"{NAME} {SENTENCE}")

    monkeypatch.setattr(dossiers, "rename", refuse)
    world.app.testing = False
    answer = manager.post(f"{path}/titles", version="1", title_tr=TITLE)
    world.app.testing = True
    assert answer.status_code == 500
    assert SENTENCE not in manager.page
    assert "ValueError" in log.getvalue()

    with world.app.app_context():
        jobs = " ".join(str(vars(row)) for row in db.session.scalars(select(OutboxMessage)))
        clear = " ".join(str(value) for value in thief.values(binary=False))
    on_disk = b" ".join(thief.files(world.cast.settings.home))
    for word in (*PLANTED, reference, case_id.hex, str(case_id)):
        assert [which for which, words in made.items() if word in words] == []
        assert not any(word in page for page in seen)
    for word in (*PLANTED, TITLE, SENTENCE, REASON, STORY):
        for place in (log.getvalue(), jobs, clear):
            assert word not in place
        assert word.encode() not in on_disk
    titles = re.findall(r"<title>(.*?)</title>", " ".join(seen), re.DOTALL)
    assert titles
    assert not any(TITLE in title for title in titles)
