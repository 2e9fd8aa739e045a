"""The acts of the audit chain in words, for whoever reads it."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _l

JOB: Final = _l("Work that the program does by itself")

ACTS: Final[dict[str, Any]] = {
    "assignment.accept": _l("Accepted an assignment"),
    "assignment.brief": _l("Read the brief of an assignment"),
    "assignment.decline": _l("Declined an assignment"),
    "assignment.expire": _l("An offer to a lawyer ran out"),
    "assignment.offer": _l("Offered a case to a lawyer"),
    "assignment.withdraw": _l("Withdrew an offer to a lawyer"),
    "audit.read": _l("Looked at the record of acts"),
    "case.close": _l("Closed a case"),
    "case.consent": _l("Recorded a consent"),
    "case.edit": _l("Changed a case"),
    "case.expired": _l("Access to a case ran out"),
    "case.fact": _l("Sealed facts for statistics"),
    "case.grant": _l("Gave somebody the key of a case"),
    "case.grant_due": _l("Ordered the key of a case for somebody"),
    "case.list": _l("Looked at the list of cases"),
    "case.note": _l("Wrote a note"),
    "case.read": _l("Looked at a case"),
    "case.record": _l("Recorded a case"),
    "case.removed": _l("Removed somebody from a case"),
    "case.restrict": _l("Restricted a case to named people"),
    "case.rotate": _l("Gave a case a new key"),
    "case.rotation_due": _l("Ordered a new key for a case"),
    "case.search": _l("Searched the cases"),
    "case.state": _l("Moved a case on"),
    "case.stepped_off": _l("Stepped off a case"),
    "case.unrestrict": _l("Lifted the restriction of a case"),
    "code.renew": _l("Made a new personal recovery code"),
    "factor.replace": _l("Set up another authenticator"),
    "invitation.revoke": _l("Withdrew an invitation"),
    "key.grant": _l("Gave a key of the organisation"),
    "key.make": _l("Made a key of the organisation"),
    "key.rotate": _l("Began a new epoch of a key"),
    "key.rotation_due": _l("A key of the organisation is due for a new epoch"),
    "organisation.set_up": _l("Set up the organisation"),
    "partner.confirm": _l("Confirmed the root of a partner"),
    "password.change": _l("Changed the password"),
    "password.reset": _l("Set a new password with the recovery code"),
    "password.reset_fail": _l("Tried a wrong recovery code"),
    "pattern.answer": _l("Answered a proposal about what recurs"),
    "pattern.decide": _l("Decided on something that recurs"),
    "pattern.propose": _l("Proposed something that recurs"),
    "pattern.scan": _l("Looked through the facts for what recurs"),
    "person.change": _l("Changed the own account"),
    "person.depart": _l("Ended an account"),
    "person.invite": _l("Invited somebody"),
    "person.join": _l("Joined the organisation"),
    "person.recover": _l("Brought an account back with two recovery papers"),
    "pool.stop": _l("Stopped telling a partner weekly counts"),
    "pool.tell": _l("Decided to tell a partner weekly counts"),
    "recovery.fail": _l("Tried recovery papers that did not open"),
    "refused": _l("Asked for something that is not open to them"),
    "session.confirm": _l("Confirmed with the password"),
    "session.end": _l("Signed out"),
    "session.lock": _l("The screen was locked"),
    "session.revoke": _l("Signed another device out"),
    "session.unlock": _l("Unlocked the screen"),
    "sign_in.code": _l("Signed in with the recovery code"),
    "sign_in.fail": _l("A sign-in failed"),
    "sign_in.open": _l("Signed in"),
    "sign_in.password": _l("Gave the right password"),
    "statistics.download": _l("Downloaded a release of statistics"),
    "statistics.freeze": _l("Fixed the figures of a quarter"),
    "statistics.ledger": _l("Looked at the releases of statistics"),
    "statistics.read": _l("Looked at statistics"),
    "statistics.revoke": _l("Revoked a release of statistics"),
    "statistics.release": _l("Released statistics"),
    "statistics.release_again": _l("Asked for a release of statistics again"),
}


def act_label(act: str) -> Any:
    """An act in words; one that this version does not know shows as itself."""
    return JOB if act.startswith("job.") else ACTS.get(act, act)
