"""Sample data and a small app that renders the gallery; used by the tests of the look."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import wtforms
from flask import Flask, render_template
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from wtforms.validators import DataRequired, Optional

from core.access.guard import public
from core.web.dates import DayField, PartialDayField
from core.web.filters import init_filters
from core.web.headers import init_headers
from core.web.locale import current_language, init_locale

ROOT = Path(__file__).parents[2]

SAMPLES: dict[str, dict[str, Any]] = json.loads((ROOT / "tests/web/samples.json").read_text("utf-8"))
SAMPLES["en"] = SAMPLES["tr"]


def _choices(words: list[str]) -> dict[str, str]:
    return {str(place): word for place, word in enumerate(words)}


def sample_form(words: dict[str, Any]) -> FlaskForm:
    """A form with one field of every kind, labelled in the sample's language."""
    names = words["fields"]

    class SampleForm(FlaskForm):  # type: ignore[misc] # flask-wtf has no types
        note = wtforms.TextAreaField(names[0])
        given = wtforms.StringField(names[1], [DataRequired()])
        family = wtforms.StringField(names[2])
        born = PartialDayField(names[3], [Optional()])
        phone = wtforms.TelField(names[4])
        sex = wtforms.RadioField(names[5], choices=_choices(words["choices"]))
        province = wtforms.SelectField(words["columns"][4], choices=_choices([words["province"], "Hatay"]))
        languages = wtforms.SelectMultipleField(
            names[6],
            choices=_choices(words["tongues"]),
            option_widget=wtforms.widgets.CheckboxInput(),
            widget=wtforms.widgets.ListWidget(prefix_label=False),
        )
        narrative = wtforms.TextAreaField(names[7])
        restricted = wtforms.BooleanField(names[8])
        papers = wtforms.MultipleFileField(names[9])
        password = wtforms.PasswordField(names[10])
        served = DayField(names[11])
        reason = wtforms.TextAreaField(names[12])
        version = wtforms.HiddenField(default="7")

    return SampleForm()


def filter_form(words: dict[str, Any]) -> FlaskForm:
    """The coded choices above a list."""

    class FilterForm(FlaskForm):  # type: ignore[misc] # flask-wtf has no types
        state = wtforms.SelectField(words["columns"][3], choices=dict(words["states"]))
        urgency = wtforms.SelectField(words["columns"][2], choices=_choices(words["urgency"]))
        mine = wtforms.BooleanField(words["fields"][13])

    return FilterForm(prefix="filter-")


def gallery_app() -> Flask:
    """An app with the look and nothing else: /<layout> shows the gallery, POST shows it with errors."""
    app = Flask("gallery", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(SECRET_KEY="for the gallery only", WTF_CSRF_CHECK_DEFAULT=False)
    CSRFProtect(app)
    init_locale(app)
    init_filters(app)
    init_headers(app, https=False)

    @app.route("/<any(desk, plain, public):layout>", methods=["GET", "POST"])
    @public
    def show(layout: str) -> str:
        words = SAMPLES[current_language()]
        form = sample_form(words)
        form.validate_on_submit()
        names = [words["person"], "فاطمة الحسن", "Hüseyin Çelik", "عبد الرحمن بن محمد الخطيب", ""]
        return render_template(
            "gallery/public.html" if layout == "public" else "gallery/all.html",
            layout=f"layouts/{layout}.html",
            sample=SimpleNamespace(**words),
            form=form,
            filters=filter_form(words),
            at=dt.datetime(2026, 11, 2, 11, 5, tzinfo=dt.UTC),
            soon=dt.date(2026, 11, 27),
            rows=[
                {
                    "name": name,
                    "reference": f"H-26-{42 + place:05}",
                    "urgency": f"U{min(place, 3)}",
                    "state": words["states"][place + 1],
                    "province": words["province"],
                    "opened": dt.date(2026, 11, 2 + place),
                }
                for place, name in enumerate(names)
            ],
            navigation=[(label, "#", place == 1) for place, label in enumerate(words["navigation"])],
            lock_url="/lock",
            sign_out_url="/sign-out",
            signed_in_as=words["person"],
            account_links=[(words["fields"][10], "#")],
            idle_seconds=900,
            shortcuts="#keys",
        )

    return app
