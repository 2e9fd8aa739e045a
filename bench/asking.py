"""What is measured of asking for help: one request, many at once, and a page of the form."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, islice
from statistics import median
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy import NullPool, create_engine, func, insert, select

from bench.duel import Result, duel, figure
from bench.floor_asking import COOKIE, LAST, STEPS
from bench.pages import Ground
from bench.pages import page as page_of
from bench.servers import Answer, Browser, Server
from bench.slow_line import SlowLine
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from core.web.limits import SENT_BY_ADDRESS
from intake.forms.question import pair_of
from intake.models import IntakePlace, Request, RequestDraft
from intake.service import drafts
from tests.support.browsing import chromium
from vault import ReceiptKey

FORM: Final = "/m/ar/4"  # a page of the form like the others: some fields, a list to choose from
SEND: Final = f"/m/ar/{LAST}"
CLIENTS, EACH, TURNS = 64, 200, 5
UNASKED: Final = SENT_BY_ADDRESS.amount  # requests that one address sends before it is asked a sum
# 2 KB, as UTF-8 counts; one sentence again and again would take a database no room until it is sealed.
TOLD: Final = (
    "أنا أم لثلاثة أطفال، أعيش في كلس منذ سنة 2015. قبل أسبوعين ذهبت إلى مديرية الهجرة لتحديث "
    "العنوان، فقالوا إن بطاقتي أُبطلت ولم يعطوني أي ورقة. سألت عن السبب فطلبوا أن أرجع بعد شهر. زوجي "
    "يعمل في ورشة خياطة بلا إذن عمل، وصاحب البيت يريد أن نخرج قبل نهاية الشهر لأن الإيجار تضاعف. "
    "ابنتي الكبيرة في الصف السابع والمدرسة تقول إنها لا تستطيع أن تسجلها بلا رقم أجنبي ساري. ابني "
    "الصغير مريض بالربو، وفي المستشفى الحكومي لم يقبلوا الوصفة أمس ودفعنا ثمن الدواء كاملاً. قال لنا "
    "جار إن علينا أن نوقع على ورقة عودة طوعية حتى نحل المشكلة، وأنا خائفة من التوقيع على شيء لا "
    "أفهمه. عندي صورة عن البطاقة القديمة وعقد الإيجار وفاتورة الكهرباء باسم زوجي، ورسالة وصلت على "
    "الهاتف من المديرية يوم الثلاثاء. لا أعرف إن كان هناك موعد أخير للاعتراض، ولا أين يُقدَّم. أختي "
    "في غازي عنتاب حصل معها الشيء نفسه وعادت بطاقتها بعد أن كتب لها محامٍ عريضة. نستطيع أن نأتي إلى "
    "المكتب في أي يوم بعد الظهر، أما في الصباح فأنا أعمل في البيوت. أرجو أن تقولوا لنا ماذا نفعل قبل "
    "أن يخرجونا من البيت، وهل يجوز أن يذهب الأولاد إلى المدرسة حتى ذلك الوقت، وماذا نقول إذا أوقفتنا "
    "الشرطة في الطريق وطلبت البطاقة. هاتفي مفتوح بعد الظهر فقط، ولا تتركوا رسالة مع أحد غيري، فأهل "
    "زوجي لا يعرفون شيئاً عن الموضوع."
)
ANSWERS: Final[dict[str, Any]] = {
    "whom": "me", "detained": "no", "removal": "no", "deadline": "no", "danger": "no", "subject": "B",
    "text": TOLD, "name": "سلمى", "province": "27", "language": "ar", "way": "code", "phone": "",
    "channels": [], "hours": "", "message_ok": "",
}  # fmt: skip  # one person


@dataclass(frozen=True)
class Begun:
    """A request that was written and not sent yet: what its browser carries, and the sum it may be asked."""

    cookie: str
    sum: str


def open_door(ground: Ground) -> None:
    """Take requests from everywhere, in the product and beside it."""
    with ground.world.app():
        home = ground.world.actor("coordinator").organisation_id
    row = {
        "organisation_id": home, "open": True, "provinces": [], "hours": {}, "notice": {}, "tonight": {},
        "version": 1,
    }  # fmt: skip  # one row
    _write((ground.world.database_url, ground.plain_url), [(IntakePlace, [row])])


def begun(ground: Ground, count: int) -> list[Begun]:
    """That many requests, written and not sent, in the product and as open rows beside it."""
    plain: list[dict[str, Any]] = []
    made: list[Begun] = []
    began = (clock.now() - dt.timedelta(minutes=5)).isoformat()
    answers = ANSWERS | {drafts.BEGAN: began} | {one.mark(): True for one in STEPS}
    with ground.world.app():
        for _ in range(count):
            draft = drafts.load("")
            with transaction():
                drafts.save(draft, answers)
            assert draft.id is not None
            row = db.session.get_one(RequestDraft, draft.id)
            content = orjson.dumps(answers).ljust(len(row.sealed))
            plain.append(_columns(row) | {"sealed": content})
            made.append(Begun(draft.cookie, _sum(draft.id)))
    _write((ground.plain_url,), [(RequestDraft, plain)])
    return made


def one_page(ground: Ground) -> Result:
    """P10: a page of the form, half answered, against the floor's."""
    [draft] = begun(ground, 1)
    return duel(*(page_of(start, COOKIE, draft.cookie, FORM) for start in (ground.ours, ground.floor)))


def first_page(ground: Ground, times: int = 5) -> Result:
    """P10: the first page on a slow 3G line, each time with an empty browser; `ratio` is in seconds.

    ours: until the words were painted; other: until everything was loaded, fonts too.
    """
    painted, loaded = [], []
    with ground.ours() as server, chromium() as browser:
        for _ in range(times):
            context = browser.new_context(viewport={"width": 360, "height": 740})
            line = SlowLine(page := context.new_page())
            begun_at = time.perf_counter()
            page.goto(f"http://127.0.0.1:{server.port}/m/ar", wait_until="load")
            page.evaluate("document.fonts.ready.then(() => null)")
            loaded.append((time.perf_counter() - begun_at) * 1000)
            painted.append(line.readable())
            context.close()
    none = [0.0] * times
    return Result(figure(none, painted), figure(none, loaded), median(painted) / 1000)


def one_request(quick: Ground, *, rounds: int = 3, passes: int = 5, requests: int = 20) -> Result:
    """P4: sending a request of 2 KB; `ratio` is ours less the floor's, in ms.

    A real derivation varies by more than the promise, so `quick` is an instance with the test profile, whose
    derivation costs next to nothing; `check_one_derivation` holds the real one to one.
    """
    cpu: list[list[float]] = [[], []]
    took: list[list[float]] = [[], []]
    for _ in range(rounds):
        homes = _homes()
        drafts_of_round = iter(begun(quick, (passes + 1) * requests))
        with ExitStack() as stack:
            servers = [stack.enter_context(start()) for start in (quick.ours, quick.floor)]
            for turn in range(passes + 1):  # the first pass warms up
                shares = range(requests // UNASKED)
                some = [(next(homes), list(islice(drafts_of_round, UNASKED))) for _ in shares]
                for side in (0, 1) if turn % 2 else (1, 0):
                    spent, waited = send_all(servers[side], some)
                    if turn:
                        cpu[side].append(spent)
                        took[side] += waited
    extra = median(one - other for one, other in zip(*cpu, strict=True))
    return Result(figure(cpu[0], took[0]), figure(cpu[1], took[1]), extra)


def check_one_derivation(ground: Ground, beside_ms: float, requests: int = UNASKED) -> None:
    """Raise AssertionError when a request costs as much as two derivations and what stands beside them."""
    homes = _homes()
    with ground.ours() as server:
        spent = [send_all(server, [(next(homes), begun(ground, requests))])[0] for _ in range(3)]
    begun_at = time.thread_time()
    for _ in range(requests):
        ReceiptKey.of_nothing(bytes(32))
    derivation = (time.thread_time() - begun_at) * 1000 / requests
    assert median(spent[1:]) < 1.5 * derivation + beside_ms, "a request derives once"


def send_all(server: Server, some: list[tuple[str, list[Begun]]]) -> tuple[float, list[float]]:
    """Send these one after the other, each share from its address.

    Gives the processor time of one, and how long each took, in ms.
    """
    browsers = [ready(server, share[0], home) for home, share in some]
    before = server.processor_ms()
    answers = [
        send(browser, one) for browser, (_, share) in zip(browsers, some, strict=True) for one in share
    ]
    spent = (server.processor_ms() - before) / len(answers)
    for browser in browsers:
        browser.hang_up()
    for answer in answers:
        assert answer.status == 303, answer.status
    return spent, [answer.ms for answer in answers]


def _homes() -> Iterator[str]:
    """Addresses of this machine that nobody has used."""
    return (f"127.0.{number // 250}.{number % 250 + 1}" for number in count(1))


def ready(server: Server, one: Begun, home: str = "127.0.0.1") -> Browser:
    """A browser whose token against forgery lasts for whatever it sends."""
    browser = Browser(server.port, {COOKIE: one.cookie}, home=home)
    browser.get(FORM)
    return browser


def send(browser: Browser, one: Begun) -> Answer:
    """Send what was begun, with the sum that is asked once many came."""
    browser.cookies[COOKIE] = one.cookie
    return browser.post(SEND, token=str(uuid4()), sum=one.sum)


@dataclass(frozen=True)
class Crowd:
    """What became of many requests at once: how many were refused, are missing, or share a reference."""

    errors: int
    lost: int
    doubles: int

    @property
    def good(self) -> bool:
        """Whether nothing went wrong."""
        return self == Crowd(0, 0, 0)


def many(quick: Ground) -> tuple[Result, Crowd]:
    """P5: 64 clients send 200 requests each at once; `ratio` is requests a second against the floor's.

    In turns with the floor, in shares: a machine that is busy for a while is so for both.
    """
    waiting = begun(quick, CLIENTS * EACH)
    before = _stored(quick.world.database_url)
    rates: list[list[float]] = [[], []]
    spent: list[list[float]] = [[], []]
    answers: list[list[Answer]] = [[], []]
    with quick.ours(workers=2) as ours, quick.floor(workers=2) as floor:
        for turn in range(TURNS):
            some = waiting[turn::TURNS]
            for side, server in ((0, ours), (1, floor)) if turn % 2 else ((1, floor), (0, ours)):
                cpu, begun_at = server.processor_ms(), time.perf_counter()
                with ThreadPoolExecutor(CLIENTS) as pool:
                    shares = pool.map(_client(server), _shares(some))
                    answers[side] += [answer for share in shares for answer in share]
                rates[side].append(len(some) / (time.perf_counter() - begun_at))
                spent[side].append((server.processor_ms() - cpu) / len(some))
    rows, references = (
        now - then for now, then in zip(_stored(quick.world.database_url), before, strict=True)
    )
    refused = sum(answer.status != 303 for answer in answers[0])
    crowd = Crowd(refused, len(waiting) - refused - rows, rows - references)
    figures = [figure(cpu, [one.ms for one in took]) for cpu, took in zip(spent, answers, strict=True)]
    return Result(figures[0], figures[1], median(a / b for a, b in zip(*rates, strict=True))), crowd


def _client(server: Server) -> Callable[[list[Begun]], list[Answer]]:
    def run(some: list[Begun]) -> list[Answer]:
        browser = ready(server, some[0])
        return [send(browser, one) for one in some]

    return run


def _shares(waiting: list[Begun]) -> list[list[Begun]]:
    return [waiting[start::CLIENTS] for start in range(CLIENTS)]


def _stored(url: str) -> tuple[int, int]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        counts = select(func.count(), func.count(Request.reference.distinct())).select_from(Request)
        rows, references = connection.execute(counts).one()
        return rows, references


def _columns(row: RequestDraft) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in RequestDraft.__table__.columns}


def _sum(draft_id: UUID) -> str:
    """What `intake.forms.question` asks of this draft."""
    return str(sum(pair_of(draft_id)))


def _write(urls: tuple[str, ...], tables: list[tuple[Any, list[dict[str, Any]]]]) -> None:
    for url in urls:
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            for model, rows in tables:
                connection.execute(insert(model), rows)
