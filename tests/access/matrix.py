"""Who may open what, written down apart from the policy, so that a slip in either shows.

For a page about a case: `own` is a case on which the person works, `other` an unrestricted case of the
organisation, `restricted` one that names others, `foreign` one of another organisation. A role that is
not in the row gets 404 everywhere.
"""

from __future__ import annotations

from typing import Final

OWN: Final = frozenset({"own"})
ALL: Final = frozenset({"own", "other"})

EVERYBODY: Final = ("caseworker", "lawyer", "coordinator", "manager", "admin", "focal")

# Pages about one case: endpoint -> role -> which cases.
READS: Final = {"caseworker": OWN, "lawyer": OWN, "coordinator": ALL}
WORKS: Final = {"caseworker": OWN, "coordinator": ALL}
CASES: Final[dict[str, dict[str, frozenset[str]]]] = {
    "cases.show": READS,
    "cases.note": READS,
    "cases.draft_note": READS,
    "cases.discard_note": READS,
    "cases.edit": READS,
    "cases.draft_edit": READS,
    "cases.discard_edit": READS,
    "cases.state": READS,
    "cases.close": READS,  # the table of states says which role may take the step
    "cases.reopen": READS,
    "cases.consent": WORKS,
    "cases.withdraw_consent": WORKS,
    "cases.members": WORKS,
    "cases.add_member": WORKS,
    "cases.remove_member": WORKS,
    "cases.restrict": WORKS,
    "cases.unrestrict": WORKS,
    "cases.step_off": {"caseworker": OWN, "lawyer": OWN, "coordinator": OWN},
    "referrals.refer": READS,
    "cases.assign": {"coordinator": ALL},
    "cases.withdraw_offer": {"coordinator": ALL},
}

# Pages without a case: endpoint -> roles.
DOORS: Final[dict[str, tuple[str, ...]]] = {
    "desk.show": EVERYBODY,
    "cases.index": ("caseworker", "lawyer", "coordinator"),
    "cases.search": ("caseworker", "lawyer", "coordinator"),
    "cases.new": ("caseworker", "coordinator"),
    "cases.draft": ("caseworker", "coordinator"),
    "cases.discard_draft": ("caseworker", "coordinator"),
    "cases.orders": ("caseworker", "lawyer", "coordinator"),
    "cases.brief": ("lawyer",),
    "cases.accept": ("lawyer",),
    "cases.decline": ("lawyer",),
    "advocacy.dossier_list": ("manager", "lawyer", "coordinator"),
    "advocacy.begin_dossier": ("manager",),
    "advocacy.dossier": ("manager", "lawyer", "coordinator"),
    "advocacy.dossier_titles": ("manager",),
    "advocacy.dossier_section": ("manager", "lawyer", "coordinator"),
    "advocacy.dossier_releases": ("manager",),
    "advocacy.add_figure": ("manager",),
    "advocacy.remove_figure": ("manager",),
    "advocacy.review_dossier": ("manager",),
    "advocacy.read_dossier": ("manager", "lawyer", "coordinator"),
    "advocacy.approve_dossier": ("manager", "lawyer", "coordinator"),
    "advocacy.print_dossier": ("manager",),
    "advocacy.dossier_file": ("manager", "lawyer", "coordinator"),
    "advocacy.close_dossier": ("manager",),
    "advocacy.ask_for_story": ("manager",),
    "advocacy.dossier_story": ("manager", "lawyer", "coordinator"),
    "advocacy.confirm_story": ("manager", "lawyer", "coordinator"),
    "advocacy.take_story_out": ("manager",),
    "advocacy.my_stories": ("caseworker", "lawyer", "coordinator"),
    "advocacy.write_story": ("caseworker", "lawyer", "coordinator"),
    "advocacy.my_story": ("caseworker", "lawyer", "coordinator"),
    "advocacy.take_story_back": ("caseworker", "lawyer", "coordinator"),
    "advocacy.patterns": ("manager",),
    "advocacy.scan": ("manager",),
    "advocacy.pattern": ("manager",),
    "advocacy.propose": ("caseworker", "lawyer", "coordinator"),
    "advocacy.proposals": ("manager",),
    "advocacy.answer_proposal": ("manager",),
    "advocacy.pool": ("manager",),
    "advocacy.tell_partner": ("manager",),
    "advocacy.stop_telling": ("manager",),
    "referrals.directory": EVERYBODY,
    "referrals.entry": EVERYBODY,
    "referrals.add_entry": ("admin", "coordinator"),
    "referrals.edit_entry": ("admin", "coordinator"),
    "referrals.retire_entry": ("admin", "coordinator"),
    "referrals.index": ("caseworker", "lawyer", "coordinator"),
    "referrals.show": ("caseworker", "lawyer", "coordinator"),
    "referrals.edit": ("caseworker", "lawyer", "coordinator"),
    "referrals.send": ("caseworker", "lawyer", "coordinator"),
    "referrals.discard": ("caseworker", "lawyer", "coordinator"),
    "referrals.withdraw": ("caseworker", "lawyer", "coordinator"),
    "referrals.release": ("caseworker", "lawyer", "coordinator"),
    "referrals.message": ("caseworker", "lawyer", "coordinator"),
    "referrals.chase": ("caseworker", "lawyer", "coordinator"),
    "referrals.answer": ("caseworker", "lawyer", "coordinator"),
    "referrals.feedback": ("caseworker", "lawyer", "coordinator"),
    "referrals.close": ("caseworker", "lawyer", "coordinator"),
    "referrals.form": ("caseworker", "lawyer", "coordinator"),
    "referrals.consent": ("caseworker", "coordinator"),
    "referrals.inbox": ("focal",),
    "referrals.show_received": ("focal",),
    "referrals.accept": ("focal",),
    "referrals.begin": ("focal",),
    "referrals.decline": ("focal",),
    "referrals.outcome": ("focal",),
    "referrals.reply": ("focal",),
    "reports.index": ("manager",),
    "reports.table": ("manager",),
    "reports.freeze": ("manager",),
    "reports.export": ("manager",),
    "reports.releases": ("manager",),
    "reports.download": ("manager",),
    "reports.revoke": ("manager",),
    "accounts.people": ("admin", "coordinator"),
    "accounts.invite": ("admin",),
    "accounts.revoke_invitation": ("admin",),
    "accounts.depart": ("admin",),
    "accounts.keys": ("admin", "coordinator", "manager", "focal"),
    "accounts.make_key": ("coordinator", "manager", "focal"),
    "accounts.rotate_key": ("coordinator", "manager", "focal"),
    "accounts.grant_key": ("admin", "coordinator", "manager", "focal"),
    "accounts.partners": EVERYBODY,
    "accounts.confirm_partner": ("admin", "coordinator"),
    "accounts.audit": ("admin", "coordinator"),
    "accounts.account": EVERYBODY,
    "accounts.new_factor": EVERYBODY,
    "accounts.personal_code": EVERYBODY,
    "accounts.sessions": EVERYBODY,
    "accounts.revoke_session": EVERYBODY,
    "accounts.change_password": EVERYBODY,
    "accounts.alive": EVERYBODY,
    "accounts.confirm": EVERYBODY,
    "accounts.lock": EVERYBODY,
    "accounts.roles": EVERYBODY,
}

# Open to anybody, and those that only a half-open or locked session sees.
PUBLIC: Final = frozenset(
    {
        "start",
        "healthz",
        "readyz",
        "static",
        "locale.switch",
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.forgot",
        "accounts.join",
        "accounts.set_up",
    }
)
HALF_OPEN: Final = frozenset({"accounts.second_factor", "accounts.first", "accounts.unlock"})
