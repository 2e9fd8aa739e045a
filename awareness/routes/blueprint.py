"""Every address of the feature and the view behind it: the desk's, and the public's."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from awareness.routes import public, sessions, topics
from core.web.headers import ANONYMOUS

blueprint: Final = Blueprint("awareness", __name__)
public_blueprint: Final = Blueprint(ANONYMOUS, __name__)

_TOPIC: Final = "/topics/<uuid:topic_id>"
_HELD: Final = "/sessions-held/<uuid:held_id>"
_INFO: Final = "/info/<any(ar,tr,en):language>"
_PAGE, _FORM, _ACT = ["GET"], ["GET", "POST"], ["POST"]

for address, view, methods in (
    ("/topics", topics.topics, _PAGE),
    ("/topics/add", topics.add_topic, _FORM),
    ("/topics/office", topics.public_office, _FORM),
    (_TOPIC, topics.topic, _PAGE),
    (f"{_TOPIC}/edit", topics.edit_topic, _FORM),
    (f"{_TOPIC}/versions/<int:number>", topics.version, _PAGE),
    (f"{_TOPIC}/versions/<int:number>/restore", topics.restore_topic, _ACT),
    (f"{_TOPIC}/send", topics.send_topic, _ACT),
    (f"{_TOPIC}/confirm", topics.confirm_topic, _ACT),
    (f"{_TOPIC}/return", topics.return_topic, _ACT),
    (f"{_TOPIC}/publish", topics.publish_topic, _ACT),
    (f"{_TOPIC}/withdraw", topics.withdraw_topic, _ACT),
    ("/sessions-held", sessions.sessions, _PAGE),
    ("/sessions-held/add", sessions.log_session, _FORM),
    ("/sessions-held/add-campaign", sessions.log_campaign, _FORM),
    (_HELD, sessions.session, _PAGE),
    (f"{_HELD}/correct", sessions.correct_session, _FORM),
    (f"{_HELD}/withdraw", sessions.withdraw_session, _FORM),
):
    blueprint.add_url_rule(address, view_func=view, methods=methods)

public_blueprint.add_url_rule("/info", view_func=public.start)
for address, shown, methods in (
    (_INFO, public.index, _FORM),
    (f"{_INFO}/<address>", public.page, _PAGE),
    (f"{_INFO}/<address>/leaflet", public.leaflet, _PAGE),
):
    public_blueprint.add_url_rule(address, view_func=shown, methods=methods)
