"""`himaya names`: are two names one, in three scripts? No application, no database: rules alone."""

from __future__ import annotations

import gettext
import json
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypedDict

import click

if TYPE_CHECKING:
    from domain.identity import BirthDate
    from domain.names.people import Person
    from domain.names.wording import Gettext

LANGUAGES = ("en", "ar", "tr")
FIELDS = ("name", "given", "family", "father", "mother", "born", "number", "phone")
SHARE = 10_000  # pairs that are worth a process of their own
STEP = 1_000  # pairs that a process takes at once: whichever is quicker takes more
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


class Unusable(click.ClickException):
    """What was given is no name, no pair or no batch."""

    exit_code = 2


class Answer(TypedDict):
    """What is printed for a pair."""

    score: float
    verdict: str
    why: str


@click.group("names")
def group() -> None:
    """Names across Arabic, Turkish and Latin script."""


@group.command()
@click.argument("names", nargs=-1, metavar="[A B]")
@click.option("--batch", type=click.File("rb"), help="Many pairs in JSON, with - from standard input.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the reasons.")
def match(names: tuple[str, ...], batch: IO[bytes] | None, lang: str) -> None:
    """Say whether A and B may be one name, single or full, in any script. Nothing is ever merged.

    With --batch: a JSON list of {"a", "b"} in; a list in the same order of {"score", "verdict", "why"} out,
    where the verdict is "same", "possible" or "different". In place of a name, a and b may be records of
    {"name", "given", "family", "father", "mother", "born", "number", "phone"}, each of which may be left out.
    """
    if (batch is None) != (len(names) == 2) or (batch is not None and names):  # noqa: PLR2004  A and B
        raise click.UsageError("Give two names, or --batch.")
    translate = _translation(lang)
    if batch is not None:
        click.echo(_shared(_pairs(batch.read()), translate))
        return
    answer = Answers(translate).of_two(*names)
    click.echo(f"{answer['verdict']} ({answer['score']:g})\n{answer['why']}".encode())


class Answers:
    """Answers in one language; what was read and said is remembered while the command runs."""

    def __init__(self, translate: Gettext) -> None:
        from domain.names.matching import Matcher, SayingMatcher
        from domain.names.wording import sentence

        self._matcher = SayingMatcher(partial(sentence, gettext=translate))
        self._records = Matcher()
        self._translate = translate

    def of_two(self, one: str, other: str) -> Answer:
        """Compare two names that somebody typed. Raises `Unusable` where one is none."""
        for text in (one, other):
            name = self._matcher.reader.name(text)
            if name.too_long:
                raise Unusable("A name has at most 200 characters and 12 parts. Nothing was compared.")
            if not name.parts:
                raise Unusable("A name needs at least one letter. Nothing was compared.")
        return self.of(one, other)

    def of_all(self, pairs: list[object], first: int = 1) -> bytes:
        """The answers to a batch in JSON, in its order; `first` is the number of its first entry.

        Raises `Unusable` for what is no pair.
        """
        import orjson

        answers: list[Answer] = []
        for number, pair in enumerate(pairs, first):
            try:
                answers.append(self.of(pair["a"], pair["b"]))  # type: ignore[index]  # is refused
            except (KeyError, TypeError):
                raise Unusable(
                    f'Entry {number} is no {{"a", "b"}} of names or records. Nothing was compared.'
                ) from None
        return orjson.dumps(answers)

    def of(self, one: object, other: object) -> Answer:
        """Compare two names or two records. Raises TypeError for anything else."""
        if isinstance(one, str) and isinstance(other, str):
            score, verdict, sentences = self._matcher.answer(one, other)
            return {"score": score, "verdict": verdict, "why": " ".join(sentences)}
        return self._of_records(_person(one), _person(other))

    def _of_records(self, one: Person, other: Person) -> Answer:
        from domain.names.people import compare
        from domain.names.wording import evidence

        found = compare(self._records, one, other)
        return {
            "score": found.score,
            "verdict": found.verdict,
            "why": evidence(found.evidence, self._translate),
        }


def _shared(pairs: list[object], translate: Gettext) -> bytes:
    """The answers to a batch; a long one is shared among the processors."""
    import gc
    import multiprocessing
    import os

    gc.disable()  # no answer refers to another: looking for cycles would only cost time
    workers = min(os.cpu_count() or 1, len(pairs) // SHARE)
    if workers <= 1:
        return Answers(translate).of_all(pairs)
    # Forked children have the pairs already; only their answers travel.
    with multiprocessing.get_context("fork").Pool(workers, _begin, (pairs, translate)) as pool:
        shares = [*pool.imap(_share, range(0, len(pairs), STEP))]
    return b"[" + b",".join(share[1:-1] for share in shares) + b"]"


_batch: tuple[list[object], Answers]


def _begin(pairs: list[object], translate: Gettext) -> None:
    global _batch  # noqa: PLW0603  a worker's own
    _batch = pairs, Answers(translate)


def _share(start: int) -> bytes:
    pairs, answers = _batch
    return answers.of_all(pairs[start : start + STEP], start + 1)


def _translation(lang: str) -> Gettext:
    """The catalogue of a language; English needs none. Raises click.ClickException where it is not there."""
    if lang == "en":
        return str
    try:
        return gettext.translation("messages", TRANSLATIONS, [lang]).gettext
    except OSError:
        raise click.ClickException("The translations are not made yet.\n    make setup") from None


def _pairs(text: bytes) -> list[object]:
    """The pairs of a batch. Raises `Unusable` for what is no list in JSON."""
    try:
        pairs = _json(text.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested without end
        raise Unusable("The file is no JSON in UTF-8. Nothing was compared.") from None
    if not isinstance(pairs, list):
        raise Unusable('The file holds no list of {"a", "b"}. Nothing was compared.')
    return pairs


def _json(text: bytes) -> object:
    import orjson

    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)  # takes half of a surrogate pair, which the matcher leaves out


def _person(record: object) -> Person:
    """A record of a batch; a bare text is a full name. Raises TypeError for anything else."""
    from domain.identity import comparable_phone
    from domain.names.people import Person

    if isinstance(record, str):
        return Person(name=record)
    if not isinstance(record, dict):
        raise TypeError
    said = {key: record.get(key) or "" for key in FIELDS}
    if not all(isinstance(value, str) for value in said.values()):
        raise TypeError
    return Person(
        **{key: said[key] for key in FIELDS[:5]},
        birth=_birth(said["born"]),
        numbers=tuple(filter(None, [said["number"]])),
        phones=tuple(filter(None, [comparable_phone(said["phone"])])),
    )


def _birth(text: str) -> BirthDate:
    """A birth date; one that cannot be read is unknown."""
    from core import clock
    from domain.identity import BirthDate, BirthDateError

    try:
        return BirthDate.parse(text, clock.today())
    except BirthDateError:
        return BirthDate()
