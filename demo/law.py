"""The holidays of this year, compared and confirmed by two people of an invented organisation."""

from __future__ import annotations

from uuid import uuid4

from cases.service import law
from core import clock
from core.store.transaction import transaction
from demo.offices import ADMINISTRATOR, LAWYER, Office

SOURCE = "Uydurma kayıt: Diyanet takvimiyle karşılaştırıldı"


def confirm(office: Office) -> None:
    """Propose this year's feasts as the table has them, and sign them; the next year waits on the desk."""
    administrator, lawyer = office.having(ADMINISTRATOR)[0].actor, office.having(LAWYER)[0].actor
    year = str(clock.today().year)
    rows = law.law_of(administrator.organisation_id).tables["feasts"]
    with transaction():
        row = next(row for row in rows if row["year"] == year) | {"source": SOURCE}
        law.sign(lawyer, law.propose(administrator, uuid4(), "feasts", row), 1)
