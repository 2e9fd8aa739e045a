"""A dossier of the demonstration and whom it was carried to: meetings, a promise nobody kept, an outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final
from uuid import UUID, uuid4

from advocacy.service import contacts, dossiers, institutions, outcomes
from advocacy.service.contact_seal import Note
from core import clock
from demo.offices import MANAGER, Office
from domain.dossiers import Section

BEFORE: Final = dt.timedelta(days=130)
"""How long before the present the dossier is begun."""

TITLES: Final = {
    "ar": "مواعيد تحديث العنوان التي لا تُمنح في المدة القانونية",
    "tr": "Süresi içinde verilmeyen adres güncelleme randevuları",
    "en": "Appointments to update an address that are not given in time",
}
PROBLEM: Final = {
    "ar": "من ينتقل إلى حي آخر لا يجد موعدًا قبل انقضاء المدة، فيُحسب عليه التأخير.",
    "tr": "Başka mahalleye taşınanlar süre dolmadan randevu bulamıyor; gecikme kendilerine yazılıyor.",
    "en": "People who move find no appointment before the time is over, and the delay counts against them.",
}
MET: Final = "استمعوا إلينا نصف ساعة وطلبوا أمثلة من غير أسماء."
ASKED: Final = "اقترحنا أن يُحسب يوم طلب الموعد يومًا للتبليغ."
AGREED: Final = "محضر الاجتماع: سيقبلون تاريخ طلب الموعد إلى أن يصدر تعميم."
PROMISED: Final = "وعدوا بتعميم على المديريات يوضّح احتساب المدة."
CALLED: Final = "سألنا عن التعميم، وقيل إنه عند المستشار القانوني."
APART: Final = "اجتماع تعارف عن خدمات الصيف، ولا ملف له بعد."


def carried(office: Office) -> Iterator[dt.timedelta]:
    """What a manager does with the dossier, step by step; gives the pauses between."""
    manager = office.having(MANAGER)[0].actor
    institutions.begin(manager)
    dossier_id = dossiers.begin(manager, uuid4(), TITLES, {})
    for language, text in PROBLEM.items():
        dossiers.write_section(manager, dossier_id, Section.PROBLEM, language, 0, text, ready=True)
    yield dt.timedelta(days=30)
    there = {row.code: row.id for row in institutions.index(manager, "tr")}
    head = institutions.add_person(
        manager, there["pmm_directorate"], uuid4(), {"name": "Selim Aydoğdu", "role": "Şube Müdürü"}
    )
    met = _note("meeting", there["pmm_directorate"], MET, person_id=head, next_step=ASKED)
    contacts.write(manager, dossier_id, uuid4(), met)
    outcomes.record(manager, dossier_id, uuid4(), "commitment", clock.today(), AGREED)
    yield dt.timedelta(days=40)
    promised = _note("promise", there["pmm"], PROMISED)
    due = clock.today() + dt.timedelta(days=50)
    contacts.write(manager, dossier_id, uuid4(), promised, due, manager.person_id)
    yield dt.timedelta(days=40)
    contacts.write(manager, dossier_id, uuid4(), _note("call", there["pmm"], CALLED))
    contacts.write(manager, None, uuid4(), _note("meeting", there["municipality"], APART))


def _note(
    kind: str, institution_id: UUID, words: str, *, person_id: UUID | None = None, next_step: str = ""
) -> Note:
    return Note(kind, clock.today(), institution_id, person_id, "", "tr", 0, words, next_step)
