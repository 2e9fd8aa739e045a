"""Who may do what, and who did what."""

from __future__ import annotations

import re

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.routes.blueprint import blueprint
from core.access.guard import actor, needs, signed_in
from core.access.labels import DUTIES, PERMISSIONS, ROLES, SCOPES
from core.access.permissions import Permission
from core.access.policy import RULES
from core.audit import reading
from core.store.transaction import transaction


@blueprint.get("/roles")
@signed_in
def roles() -> ResponseReturnValue:
    """The rules that the guard obeys, as a table."""
    lines = [
        (
            PERMISSIONS[permission],
            [(ROLES[role], SCOPES[rule[role]] if role in rule else "") for role in ROLES],
        )
        for permission, rule in RULES.items()
    ]
    duties = [(ROLES[role], duty) for role, duty in DUTIES.items()]
    return render_template("accounts/roles.html", lines=lines, duties=duties, roles=ROLES.values())


def _number(text: str) -> int:
    """A place in the chain. Raises ValueError for what can be none."""
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError
    return int(text)


@blueprint.get("/acts")
@needs(Permission.AUDIT_READ)
def audit() -> ResponseReturnValue:
    """The organisation's own chain, newest first."""
    before = request.args.get("before", type=_number)
    with transaction():
        page = reading.read(actor(), before)
    return render_template(
        "accounts/audit.html",
        lines=page.lines,
        next_url=url_for("accounts.audit", before=page.next) if page.next else "",
        first_url=url_for("accounts.audit") if before else "",
    )
