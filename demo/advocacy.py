"""What the demonstration makes of its cases: a watched pattern, a dossier in draft, a proposal by hand."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from advocacy.service import dossiers, patterns, scanning
from core.access.actors import Actor
from core.store.transaction import transaction
from demo import vignettes
from demo.offices import CASEWORKER, MANAGER, Office
from domain.dossiers import Section

TITLES: Final = {
    "ar": "قيود حماية مؤقتة أُوقفت لتعذّر تحديث العنوان",
    "tr": "Adresi güncellenemediği için pasife alınan geçici koruma kayıtları",
    "en": "Temporary protection records made passive because an address could not be updated",
}
TEXTS: Final[dict[Section, dict[str, str]]] = {
    Section.PROBLEM: {
        "ar": "أسر لم تستطع تحديث عنوانها في الموعد تجد قيدها موقوفًا من غير إشعار مكتوب،"
        " فتنقطع عن العلاج والمدرسة.",
        "tr": "Adresini süresinde güncelleyemeyen aileler, yazılı bildirim almadan kayıtlarının pasife"
        " alındığını öğreniyor; sağlık ve okul hizmetlerinden yararlanamıyor.",
        "en": "Families who could not update their address in time find their record passive without a"
        " written notice, and lose access to health care and school.",
    },
    Section.REQUEST: {
        "ar": "أن يُبلَّغ صاحب القيد خطيًا قبل إيقافه، وأن يُمنح ثلاثين يومًا لتحديث عنوانه.",
        "tr": "Kayıt pasife alınmadan önce ilgiliye yazılı bildirim yapılması ve adresini güncellemesi için"
        " otuz gün süre verilmesi.",
        "en": "That the person is told in writing before a record is made passive, and has thirty days to"
        " update the address.",
    },
}
WATCHED: Final = "نراقبه حتى نهاية الفصل: قد يكون أثر حملة تسجيل واحدة."
NOTICED: Final = "Yeni bir uygulama: randevusu olanlardan ayrıca muhtarlık belgesi isteniyor."


def carry_on(office: Office) -> None:
    """Look through the facts, watch what recurs, begin a dossier; a caseworker proposes something."""
    manager = office.having(MANAGER)[0].actor
    caseworker = office.having(CASEWORKER)[0].actor
    _scan(manager)
    with transaction():
        pattern_id = _watch(manager)
        dossier_id = dossiers.begin(manager, uuid4(), TITLES, {}, pattern_id)
        for section, texts in TEXTS.items():
            for language, text in texts.items():
                dossiers.write_section(manager, dossier_id, section, language, 0, text, ready=True)
        patterns.propose(caseworker, uuid4(), issue="A02", province="27", authority="", text=NOTICED)
    vignettes.tell(office, dossier_id)


def _scan(manager: Actor) -> None:
    left = 1
    while left:
        step = scanning.prepare(manager)
        with transaction():
            scanning.write(manager, step)
        left = step.left


def _watch(manager: Actor) -> UUID | None:
    """The most urgent of what recurs; None where nothing does yet."""
    _last, found = patterns.overview(manager)
    if not found:
        return None
    patterns.decide(manager, found[0].id, "watched", WATCHED, None)
    return found[0].id
