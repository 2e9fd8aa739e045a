"""Requests for help that invented people sent lately: some wait, some were answered, one became nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from config.settings import Settings
from core import clock
from core.store import sealed_files
from core.store.sealed_files import Incoming, SealedFile
from demo.offices import ADMINISTRATOR, CASEWORKER, Office
from intake.service import attachments, deciding, drafts, places, sending

_DOOR: Final[dict[str, dict[str, str]]] = {
    "hours": {
        "ar": (
            "نقرأ من الاثنين إلى الجمعة، من التاسعة صباحًا حتى الخامسة مساءً. في الليل وفي "
            "العطل لا يقرأ أحد إلا ما هو مستعجل."
        ),
        "tr": (
            "Pazartesiden cumaya dokuz ile on yedi arasında okuyoruz. Geceleri ve "
            "tatillerde yalnızca acil olanlar okunur."
        ),
        "en": (
            "We read from Monday to Friday, nine to five. At night and on holidays only "
            "what is urgent is read."
        ),
    },
    "notice": {},
    "tonight": {
        "ar": (
            "خطر على الحياة: [112](tel:112)\n\nعنف في البيت: [183](tel:183)\n\nرقم غير "
            "حقيقي لليل: [0342 000 00 01](tel:+903420000001)"
        ),
        "tr": (
            "Can tehlikesi: [112](tel:112)\n\nEv içi şiddet: [183](tel:183)\n\nUydurma "
            "gece numarası: [0342 000 00 01](tel:+903420000001)"
        ),
        "en": (
            "Danger to life: [112](tel:112)\n\nViolence at home: [183](tel:183)\n\nAn "
            "invented number for the night: [0342 000 00 01](tel:+903420000001)"
        ),
    },
}

_FILES: Final = "files"  # a drawn paper and a few tones, marked as invented
_HERE: Final = Path(__file__).parents[1] / "config" / "demo"
BEFORE: Final = dt.timedelta(hours=52)  # when the doors were opened
_CALM: Final = {"detained": "no", "removal": "no", "deadline": "no", "danger": "no"}
# Hours ago, what was answered on the pages, and what became of it.
_SENT: Final[tuple[tuple[int, dict[str, Any], str], ...]] = (
    (
        1,
        {
            **_CALM, "whom": "other", "relation": "sibling", "person": "سامر", "knows": "unsure",
            "agrees": "unsure", "reachable": "no", "safe_call": "yes", "detained": "yes", "subject": "B",
            "text": "أخذوا أخي من العمل صباح اليوم ولا نعرف أين هو. هاتفه مغلق.", "name": "هند",
            "language": "ar_levantine", "code_word": "نرجس",
        },
        "",
    ),
    (
        26,
        {
            **_CALM, "whom": "me", "deadline": "yes", "subject": "F", "name": "Yusuf",
            "text": "Ev sahibi ay sonuna kadar çıkmamızı istiyor, elime bir kâğıt verdi.", "language": "tr",
            "other_side": "Ev sahibi", "phone": "0532 000 00 21", "whose": "own", "channels": ["call"],
            "hours": "akşamları",
        },
        "",
    ),
    (
        50,
        {
            **_CALM, "whom": "me", "subject": "J", "name": "سعاد", "language": "ar_levantine",
            "text": "لم تقبل المدرسة تسجيل ابنتي لأن القيد في ولاية أخرى.", "way": "code",
            # Told by SMS, in the mornings of working days, that an answer is there.
            "notice": "sms", "notice_phone": "0532 000 00 22", "notice_parts": ["morning"],
            "notice_days": "working",
        },
        "declined",
    ),
    (
        5,
        {
            **_CALM, "whom": "me", "deadline": "yes", "subject": "B", "name": "هدى",
            "language": "ar_levantine", "text": "هذه الورقة وصلتني اليوم، وفي التسجيل قلت كيف أعطوني إياها.",
            _FILES: ("paper.png", "voice.wav"),
        },
        "",
    ),
    (3, {**_CALM, "whom": "me", "deadline": "unsure", "text": "جاءتني رسالة من الهجرة ولا أفهمها."}, ""),
)  # fmt: skip # one list
_ANSWER: Final = (
    "يحق لكل طفل أن يسجَّل في المدرسة. خذي معك دفتر العائلة ووثيقة القيد إلى مديرية التربية واطلبي ردًّا مكتوبًا، "
    "واكتبي لنا إذا رُفض الطلب مرة أخرى."
)


def came(settings: Settings, offices: list[Office]) -> Iterator[dt.timedelta]:
    """Open the doors, then send and answer what came, with how long it takes until the next step.

    The first office takes requests from everywhere, others from their provinces. Nobody keeps the codes.
    """
    for number, office in enumerate(offices):
        provinces = list(office.plan.provinces) if number else []
        values = {"open": True, "provinces": provinces, **_DOOR}
        places.write(office.having(ADMINISTRATOR)[0].actor, 0, values)
    worker, ago = offices[0].having(CASEWORKER)[0].actor, BEFORE
    for hours, answers, became in sorted(_SENT, key=lambda one: -one[0]):
        yield ago - dt.timedelta(hours=hours)
        ago = dt.timedelta(hours=hours)
        draft, began = drafts.load(""), clock.now() - dt.timedelta(minutes=9)
        brought = [_sealed(_HERE / name) for name in answers.get(_FILES, ())]
        said = {name: value for name, value in answers.items() if name != _FILES}
        drafts.save(draft, {**said, drafts.BEGAN: began.isoformat()})
        attachments.add(drafts.files_of(draft), brought)
        prepared = sending.prepare(settings, draft)
        sending.send(prepared, draft, uuid4())
        if became:
            yield dt.timedelta(hours=2)
            ago -= dt.timedelta(hours=2)
            deciding.claim(worker, prepared.request_id, 1)
            deciding.end(worker, prepared.request_id, 2, uuid4(), became, _ANSWER)


def _sealed(path: Path) -> SealedFile:
    """A file as it arrives: sealed piece by piece."""
    incoming = Incoming(sealed_files.store())
    incoming.write(path.read_bytes())
    return incoming.finish()
