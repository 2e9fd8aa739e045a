"""Browsers at the desks of caseworker and coordinator, and the long form as a caseworker fills it in."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from cases.models import Case
from cases.review_models import DrawnFile, ReviewDraw
from core.store.base import db
from core.store.transaction import transaction
from tests.support.world import Browser, World


@pytest.fixture
def caseworker(world: World) -> Browser:
    return world.browser("caseworker")


@pytest.fixture
def coordinator(world: World) -> Browser:
    return world.browser("coordinator")


@pytest.fixture
def nothing_drawn(world: World) -> None:
    """Each test draws anew, among its own files."""
    with world.app.app_context(), transaction():
        db.session.execute(delete(DrawnFile))
        db.session.execute(delete(ReviewDraw))
        db.session.execute(update(Case).values(state="erased"))


def long_form(*, looked: object = True, **changes: object) -> dict[str, object]:
    """The long form, filled in as a caseworker would.

    looked: what looks unusual, such as the same person in every test, is saved as it is.
    """
    return {
        **({"anyway": "1"} if looked else {}),
        "token": str(uuid4()),
        "name_ar": "سلمى الخطيب",
        "name_latin": "SELMA ELHATIB",
        "father": "أحمد",
        "mother": "ليلى",
        "birth": ["", "3", "1991"],
        "sex": "f",
        "nationality": "SYR",
        "status": "temporary_protection",
        "language": "ar_levantine",
        "numbers-0-kind": "passport",
        "numbers-0-value": "N00123",
        "phones-0-number": "0532 123 45 67",
        "phones-0-whose": "own",
        "phones-0-channels": ["call", "whatsapp"],
        "phones-0-hours": "10-12",
        "phones-0-message_ok": "no",
        "phones-0-cover_name": "Ayşe from the bakery",
        "phones-0-others": "her brother",
        "code_word": "zeytin",
        "province": "31",
        "authority": "pdmm",
        "issue": "A02",
        "narrative": "أُبطلت البطاقة.\nThe card was cancelled.",
        "next_step": "petition to the directorate",
        "urgency": "U1",
        "restricted": "no",
        **changes,
    }
