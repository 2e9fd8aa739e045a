"""Legal information of the invented organisations: the first texts, confirmed by invented lawyers."""

from __future__ import annotations

from sqlalchemy import select

from awareness.models import Topic
from awareness.service import editing, office
from core.store.base import db
from core.store.transaction import transaction
from demo.offices import ADMINISTRATOR, COORDINATOR, LAWYER, Office

_REACH = {
    "ar": "عنوان غير حقيقي: شارع الزيتون 12.\n\nمن الاثنين إلى الجمعة، [0342 000 00 00](tel:+903420000000)",
    "tr": "Uydurma adres: Zeytin Sokağı 12.\n\nPazartesi-cuma, [0342 000 00 00](tel:+903420000000)",
    "en": "An invented address: Zeytin street 12.\n\nMonday to Friday, [0342 000 00 00](tel:+903420000000)",
}


def publish(house: Office) -> None:
    """Take every first text through review to the public, and say how the public reaches the house."""
    writer, reviewer = house.having(COORDINATOR)[0].actor, house.having(LAWYER)[0].actor
    with transaction():
        editing.begin(writer)
        for topic in db.session.scalars(select(Topic).where(Topic.organisation_id == writer.organisation_id)):
            editing.send(writer, topic.id, 1)
            editing.review(reviewer, topic.id, 2, good=True)
            editing.publish(writer, topic.id, 3)
        office.write(house.having(ADMINISTRATOR)[0].actor, 0, dict(_REACH))
