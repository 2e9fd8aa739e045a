"""What is to be done in the demonstration: tasks, a hearing, a duty to sign, an original with us."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import uuid4

from cases.service import checklists, originals, todo
from cases.service.views import OpenCase
from core import clock
from core.store.transaction import transaction
from demo.deadlines import open_cases
from demo.offices import COORDINATOR, Office

AT_MOST: Final = 4  # cases of an organisation
TASKS: Final = ("Dosyadan örnek iste", "نسخ الأوراق وإعادتها", "Tercüman bul", "الاتصال بدائرة النفوس")
HEARING: Final = {
    "title": "Duruşma", "at": "10:30", "authority": "administrative_court", "where": "2. Daire, kat 3",
    "file_number": "2026/17 E.", "goes": "", "interpreter": "ar", "bring": "Kimlik", "more": "",
}  # fmt: skip # one hearing
DUTY: Final = {
    "where": "İl Göç İdaresi, kat 2", "authority": "pdmm", "how": "weekdays", "days": 0, "weekdays": [0, 3],
    "last": "", "more": "",
}  # fmt: skip # one duty
PAPER: Final = {"title": "Aile cüzdanı", "giver": "Uydurma Kişi", "place": "Dolap 3, klasör 7", "more": ""}


def plan(office: Office) -> None:
    """Something to do in some open cases, each on the desk of somebody who works there."""
    for number, case in enumerate(open_cases(office, AT_MOST)):
        _plan(office, case, number)


def _plan(office: Office, case: OpenCase, number: int) -> None:
    actor, owner = office.having(COORDINATOR)[0].actor, case.members[-1].person_id

    def add(kind: str, data: dict[str, Any], ahead: int) -> None:
        on = clock.today() + dt.timedelta(days=ahead)
        with transaction():
            todo.add(actor, case.id, kind, data, uuid4(), owner_id=owner, on=on)

    add("task", {"title": TASKS[number], "more": ""}, number - 1)
    if number == 0:
        add("hearing", HEARING, 1)
        with transaction():
            line = checklists.of_case(case)[0].line
            checklists.settle(actor, case.id, line.code, how="done", word=TASKS[1])
    elif number == 1:
        add("signature", {**DUTY, "first": clock.today().isoformat()}, 0)
    elif number == 2:  # noqa: PLR2004 - the third case
        with transaction():
            received = {**PAPER, "received_on": clock.today().isoformat()}
            originals.receive(actor, case.id, received, uuid4())
