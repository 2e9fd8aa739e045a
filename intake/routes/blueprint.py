"""Every address of asking for help. Those of the public say nothing of what they are."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from core.web.headers import ASKING, TALKING
from intake.routes import (
    asking,
    calling,
    casework,
    complaints,
    files,
    places,
    referring,
    rota,
    talking,
    triage,
)

blueprint: Final = Blueprint("intake", __name__)
asking_blueprint: Final = Blueprint(ASKING, __name__)
talking_blueprint: Final = Blueprint(TALKING, __name__)

_LANGUAGE: Final = "<any(ar,tr,en):language>"
_PAGE, _FORM, _ACT = ["GET"], ["GET", "POST"], ["POST"]
_REQUEST: Final = "/requests/<uuid:request_id>"
_FILE: Final = "files/<uuid:file_id>/<any(look,hear,save):how>"
_CASE: Final = "/cases/<uuid:case_id>/conversations"

for address, view, methods in (
    (f"/m/{_LANGUAGE}", asking.start, _PAGE),
    (f"/m/{_LANGUAGE}/<int:number>", asking.step, _FORM),
    (f"/m/{_LANGUAGE}/add", asking.add, _ACT),
    (f"/m/{_LANGUAGE}/end", asking.end, _FORM),
    (f"/m/{_LANGUAGE}/off", asking.forget_all, _ACT),
):
    asking_blueprint.add_url_rule(address, view_func=view, methods=methods)

for address, inner, methods in (
    (f"/n/{_LANGUAGE}", talking.enter, _FORM),
    (f"/n/{_LANGUAGE}/all", talking.show, _FORM),
    (f"/n/{_LANGUAGE}/add", talking.add, _ACT),
    (f"/n/{_LANGUAGE}/reach", talking.reach, _FORM),
    (f"/n/{_LANGUAGE}/else", talking.complain, _FORM),
    (f"/n/{_LANGUAGE}/back", talking.withdraw, _FORM),
    (f"/n/{_LANGUAGE}/off", talking.leave, _ACT),
    (f"/n/{_LANGUAGE}/away", talking.away, _PAGE),
):
    talking_blueprint.add_url_rule(address, view_func=inner, methods=methods)

talking_blueprint.add_url_rule(f"/n/{_LANGUAGE}/{_FILE}", view_func=talking.file, methods=_PAGE)

for address, name, desk, methods in (
    ("/requests", "index", triage.index, _PAGE),
    ("/requests/door", "door", places.door, _FORM),
    ("/requests/rota", "rota", rota.rota, _PAGE),
    ("/requests/rota/add", "add_shift", rota.add_shift, _FORM),
    ("/requests/rota/<uuid:shift_id>", "change_shift", rota.change_shift, _FORM),
    ("/requests/rota/<uuid:shift_id>/out", "remove_shift", rota.remove_shift, _ACT),
    (_REQUEST, "show", triage.show, _FORM),
    (f"{_REQUEST}/{_FILE}", "file", files.of_request, _PAGE),
    (f"{_REQUEST}/on-it", "on_it", triage.on_it, _ACT),
    (f"{_REQUEST}/claim", "claim", triage.claim, _ACT),
    (f"{_REQUEST}/give-back", "give_back", triage.give_back, _ACT),
    (f"{_REQUEST}/weigh", "weigh", triage.weigh, _ACT),
    (f"{_REQUEST}/take-up", "take_up", triage.take_up, _ACT),
    (f"{_REQUEST}/settle", "settle", triage.settle, _ACT),
    (f"{_REQUEST}/call", "call", calling.call, _FORM),
    (f"{_REQUEST}/decline", "decline", triage.decline, _FORM),
    (f"{_REQUEST}/refer", "refer_out", referring.refer_out, _FORM),
    (f"{_REQUEST}/refer-on", "refer_on", referring.refer_on, _FORM),
    (f"{_REQUEST}/merge", "merge", triage.merge, _FORM),
    (f"{_REQUEST}/accept", "accept", triage.accept, _FORM),
    (f"{_REQUEST}/code", "new_code", casework.new_code, _FORM),
    ("/complaints", "complaints", complaints.index, _PAGE),
    ("/complaints/<uuid:complaint_id>", "complaint", complaints.show, _FORM),
    ("/complaints/<uuid:complaint_id>/share", "share_complaint", complaints.share, _ACT),
    (_CASE, "begin", casework.begin, _FORM),
    (f"{_CASE}/<uuid:request_id>", "talk", casework.show, _PAGE),
    (f"{_CASE}/<uuid:request_id>/{_FILE}", "case_file", files.of_case, _PAGE),
    (f"{_CASE}/<uuid:request_id>/say", "say", casework.say, _ACT),
    (f"{_CASE}/<uuid:request_id>/client", "say_client", casework.say_client, _ACT),
    (f"{_CASE}/<uuid:request_id>/contact", "take_contact", casework.take_contact, _ACT),
    (f"{_CASE}/<uuid:request_id>/code", "case_code", casework.case_code, _FORM),
):
    blueprint.add_url_rule(address, name, view_func=desk, methods=methods)
