"""What came into cases of the demonstration otherwise: contacts by channel, and a WhatsApp conversation."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID, uuid4

from cases.service import conversations, listing, timeline
from cases.service.conversations import CLIENT, US
from core import clock
from core.store.transaction import transaction
from demo.offices import CASEWORKER, Member, Office
from domain.imports.whatsapp import parse
from domain.lifecycle import State

_LOOKED_AT: Final = 100  # of a caseworker's cases
_TAKES: Final = frozenset({State.OPEN, State.IN_PROGRESS, State.WAITING_AUTHORITY, State.WAITING_COURT})
# Days ago, kind, channel, from or to whom, what was said.
_CONTACTS: Final = (
    (12, "visit", "in_person", "from_client", "جاءت إلى المكتب ومعها الأوراق، صوّرناها وأعدناها إليها."),
    (9, "message", "sms", "to_client", "رسالة قصيرة بموعد الأربعاء، من غير ذكر لما نحن."),
    (8, "message", "letter", "from_authority", "وصل كتاب من المديرية بالبريد المسجّل."),
    (5, "call", "call", "to_authority", "سألنا عن الملف وقيل إنه عند الموظف المختص."),
    (2, "meeting", "outreach", "with_client", "التقينا بها في المركز المجتمعي وراجعنا ما بقي."),
)
# As a telephone exports it; a number that nobody has.
_SAID: Final = (
    "Mesajlar ve aramalar uçtan uca şifrelidir.",
    "هدى: مرحبا، وصلتني الورقة اليوم",
    "المكتب: أهلًا، أرسلي لنا صورتها من فضلك، ومتى استلمتها؟",
    "هدى: استلمتها الساعة العاشرة\nولم أوقّع على شيء",
    "المكتب: أحسنت. لا توقّعي على شيء لا تفهمينه. نراجعها ونكتب لك غدًا",
    "هدى: شكرًا",
)


def told(office: Office) -> None:
    """A caseworker writes down contacts of one case, and brings the conversation of another."""
    worker = office.having(CASEWORKER)[0]
    with transaction():
        rows = listing.recent(worker.actor, _LOOKED_AT)
    open_cases = [row.id for row in rows if row.readable and row.state in _TAKES]
    if open_cases:
        _write(worker, open_cases[0])
        _bring(worker, open_cases[-1])


def _write(worker: Member, case_id: UUID) -> None:
    for ago, kind, channel, direction, text in _CONTACTS:
        day = clock.today() - dt.timedelta(days=ago)
        with transaction():
            timeline.add_note(
                worker.actor, case_id, kind, text, uuid4(), channel=channel, direction=direction, on=day
            )


def _bring(worker: Member, case_id: UUID) -> None:
    day = clock.today() - dt.timedelta(days=3)
    lines = [f"{day:%d.%m.%Y} {10 + at}:{7 * at:02} - {said}" for at, said in enumerate(_SAID)]
    conversation = parse("\n".join(lines), clock.today())
    with transaction():
        conversations.add(worker.actor, case_id, conversation, {"هدى": CLIENT, "المكتب": US}, uuid4())
