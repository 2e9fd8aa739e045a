"""The examples of docs/deadlines.md, in the engine's own words: `python -m tests.domain.deadlines.page`."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.domain.deadlines.support import EXAMPLES, ROOT, WORDS, ask

PAGE = ROOT / "docs" / "deadlines.md"
MARK = "## Examples · Örnekler\n"
HEADINGS = {
    "tr": ("Türkçe", "Son gün", "Güvenli tarih", "En geç (yalnızca avukatlar)"),
    "en": ("English", "Due", "Safe", "Latest (lawyers only)"),
}


def examples() -> str:
    """All examples, in Turkish and English."""
    return "\n".join(line for case in EXAMPLES["cases"] for line in _example(case))


def page() -> str:
    """The page as it should be: what people wrote, then the examples."""
    return PAGE.read_text("utf-8").split(MARK)[0] + MARK + "\n" + examples()


def _example(case: Mapping[str, Any]) -> Iterator[str]:
    found = ask(case["rule"], case["served_on"], **case["facts"])
    facts = ", ".join(f"`{name}` {str(value).lower()}" for name, value in case["facts"].items())
    yield f"### {case['id']} · {case['rule']} · {case['served_on']}{' · ' + facts if facts else ''}\n"
    for language, (name, *ends) in HEADINGS.items():
        days = zip(ends, (found.due, found.safe, found.latest), strict=True)
        yield f"**{name}.** " + " · ".join(f"{end}: {WORDS.shown(day, language)}" for end, day in days) + "\n"
        for number, text in enumerate(WORDS.account(found.steps, language), start=1):
            yield f"{number}. {text}"
        yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
