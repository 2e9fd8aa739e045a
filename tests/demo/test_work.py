"""What lawyers and coordinators find in the demonstration beside cases: a template, a draft, a review."""

from __future__ import annotations

import html
import re

from tests.demo.conftest import HOME, Demonstration


def test_a_template_is_offered_and_a_draft_waits_for_a_second_lawyer(demonstration: Demonstration) -> None:
    listed = demonstration.browser("lawyer@nrg.example").get("/templates", base_url=HOME).text
    [template] = set(re.findall(r'href="(/templates/[0-9a-f-]{36})"', listed))
    assert "Dosya örneği istemi" in listed
    assert "avukat.baro" in demonstration.browser("lawyer2@nrg.example").get(template, base_url=HOME).text
    desks = [demonstration.browser(f"{one}@nrg.example").get("/desk", base_url=HOME).text for one in _LAWYERS]
    [draft] = {
        path
        for page in desks
        for path in re.findall(r'href="(/cases/[0-9a-f-]{36}/legal-drafts/[0-9a-f-]{36})"', page)
    }
    reads = [
        demonstration.browser(f"{one}@nrg.example").get(draft, base_url=HOME).status_code for one in _LAWYERS
    ]
    assert sorted(reads) == [200, 200, 404]


def test_a_month_is_drawn_a_file_was_looked_at_and_a_question_waits(demonstration: Demonstration) -> None:
    leads = [f"{one}@nrg.example" for one in ("coordinator", "coordinator2")]
    pages = [demonstration.browser(one).get("/supervision", base_url=HOME).text for one in leads]
    assert any(re.search(r'href="/cases/[0-9a-f-]{36}/review"', page) for page in pages)
    assert any(words in html.unescape(page) for page in pages for words in _FOUND)
    everybody = [one.email for one in demonstration.sign_ins]
    desks = [demonstration.browser(one).get("/todo", base_url=HOME).text for one in everybody]
    assert any(re.search(r'href="/cases/[0-9a-f-]{36}/asked/[0-9a-f-]{36}"', page) for page in desks)


_FOUND = (
    "أُبلغ صاحب القضية بسيرها ونتيجتها",
    "Kişiye durum ve sonuç bildirilmiş",
)  # the question that was answered with no
_LAWYERS = ("lawyer", "lawyer2", "caselawyer")
