"""`make bench`: one table, a line as soon as it is measured. docs/performance.md says how to read it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.schema import CreateIndex, CreateTable

from bench import asking, exporting, leaving, pages, signing, uploading
from bench.duel import Figure, Result, Side, duel
from bench.filling import filled_case
from bench.pages import SESSION, Ground, page
from bench.plain import open_all, open_doors
from bench.worlds import OWN, PREFIX, World
from core.store.base import Base
from tests.support.databases import create_tables
from tests.support.postgres import Cluster

MANY = int(os.environ.get("BENCH_CASES") or 1_000_000)  # on SQLite, where they are kept for the next time
# On PostgreSQL, whose cluster is made anew each time.
MANY_THERE = int(os.environ.get("BENCH_CASES_POSTGRES") or min(MANY, 100_000))
NAMED = 20_000
FAST = "unsafe-fast-for-tests"  # the profile of Argon2id that costs next to nothing
NAMES = ("خال", "Khaled", "Abdurrahman Halebi", "ayş", "nur", "٩٩١٢٣", "Hasan Karim")
LINE = "{:3} {:48} {:10} {:>22} {:>22} {:>8} {:>9}  {}"


@dataclass(frozen=True)
class Goal:
    """What the measured figure may be at most, or at least, and in which unit."""

    limit: float
    unit: str = "×"
    least: bool = False

    def met(self, value: float) -> bool:
        """Whether the figure keeps the promise."""
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.limit:g} {self.unit}"


def main() -> None:
    """Measure everything that is promised now, or only what is named: `python -m bench P3 P8`.

    `python -m bench made` makes the database of a million cases and measures nothing.
    """
    print("Milliseconds of processor time, server and database; in brackets p50 and p95 on the clock.\n")
    print(f"{os.getloadavg()[0]:.1f} other programs are at work on {os.cpu_count()} processors.\n")
    print(LINE.format("", "work", "database", "ours", "other", "ratio", "goal", ""))
    with tempfile.TemporaryDirectory(prefix="himaya-bench-") as folder:
        # First: while the million is made, the sessions of the others would fall idle.
        large = many() if any(wanted(one) for one in ("P2", "P7", "made")) else None
        if sys.argv[1:] == ["made"]:
            return
        small = on_sqlite(Path(folder) / "standard")
        measure(small, quick_on_sqlite(Path(folder) / "quick"))
        if large:
            against_many(small, large, MANY)
            found_by_name(large)
            found_by_reference(small, large)
    with (
        tempfile.TemporaryDirectory(prefix="himaya-bench-") as folder,
        on_postgres(Path(folder)) as (ground, quick, named, there),
    ):
        measure(ground, quick)
        against_many(ground, there, MANY_THERE)
        found_by_name(named)


def wanted(number: str) -> bool:
    """Whether this promise is to be measured: all are, unless some are named."""
    return number in sys.argv[1:] or not sys.argv[1:]


def measure(ground: Ground, quick: Ground) -> None:
    """P1, P3, P8, P9, P11, P13, what the public meets, and the first reading."""
    member = ground.reader
    case = f"/cases/{ground.full_case(member.id)}"
    if wanted("P1"):
        say(
            "P1",
            "list of 100 cases / floor",
            ground,
            pages.against_floor(ground, member, "/cases"),
            Goal(1.35),
        )
    if wanted("P3"):
        say("P3", "case, 20 notes / floor", ground, pages.against_floor(ground, member, case), Goal(1.2))
        screenful, empty = full_against(ground)
        work = "300 lines, 200 documents, 40 deadlines"
        say("P3", f"{work} / one screenful", ground, screenful, Goal(1.2))
        say("P3", f"{work} / nothing", ground, empty, Goal(1.6))
    if wanted("P8"):
        signing.check_one_derivation(ground)
        for work, result in zip(
            ("password, but for Argon2id", "code"), signing.against_floor(quick), strict=True
        ):
            say("P8", f"{work}: more than the floor", quick, result, Goal(3, "ms"))
        say("P8", "two workers / one", ground, signing.workers(ground, member), Goal(1.7, least=True))
    asked(ground, quick)
    if wanted("P11"):
        work = f"removing a member: {leaving.NOTES} notes, {leaving.PAPERS} files"
        say("P11", work, ground, leaving.removing(ground), Goal(25, "ms"))
    if wanted("P9") or wanted("P13"):
        exported(ground)
    if wanted("cold"):
        say("", "cold: each case more than warm", ground, cold(ground), Goal(0.5, "ms"))


def full_against(ground: Ground) -> tuple[Result, Result]:
    """The page of a case in which years of work lie, against that of as much as it shows, and of nothing."""
    with ground.world.app():
        actor, colleague = (ground.world.actor(name) for name in ("caseworker", "colleague"))
        two = (actor.person_id, colleague.person_id)
        full = filled_case(actor, notes=300, papers=200, dated=40, watchers=two)
        others = filled_case(actor, notes=20, papers=5, dated=6, watchers=two), filled_case(actor)

    def of(case: UUID) -> Side:
        return page(ground.ours, SESSION, ground.reader.cookie, f"/cases/{case}")

    screenful, empty = (duel(of(full), of(other)) for other in others)
    return screenful, empty


def exported(ground: Ground) -> None:
    """P9 and P13: a table of statistics, which is all that leaves of many cases at once."""
    many = f"{exporting.COUNT:,}"
    if wanted("P9"):
        found = exporting.exported(ground)
        rate = Goal(15_000, "/s", least=True)
        say("P9", f"{many} facts never opened before (processor)", ground, found.counted, rate)
        say("P9", f"file from {many} facts of a frozen quarter", ground, found.released, rate)
        say("P9", "the same, first byte of the file (clock)", ground, found.first, Goal(0.5, "s"))
        say("P9", f"memory grown by {many} sealed facts (MB)", ground, found.grown, Goal(10, "MB"))
    if wanted("P13"):
        held = exporting.held(ground)
        say("P13", f"worker of two, after an export of {many} (MB)", ground, held, Goal(90, "MB"))


def asked(ground: Ground, quick: Ground) -> None:
    """P4, P5, P6 and P10: what the public meets."""
    if not any(wanted(number) for number in ("P4", "P5", "P6", "P10")):
        return
    for each in (ground, quick):
        asking.open_door(each)
    if wanted("P4"):
        one = asking.one_request(quick)
        say("P4", "request, but for Argon2id: more than the floor", quick, one, Goal(2, "ms"))
        asking.check_one_derivation(ground, one.ours.cpu)
    if wanted("P5"):
        together, crowd = asking.many(quick)
        assert crowd.good, crowd
        clients = f"{asking.CLIENTS} clients × {asking.EACH} requests a second / floor"
        say("P5", clients, quick, together, Goal(0.6, least=True))
    if wanted("P6"):
        say("P6", "5 MB upload / floor", ground, uploading.against_floor(ground), Goal(1.15))
        grown = uploading.memory(ground)
        say("P6", "memory grown by a 20 MB upload (MB)", ground, grown, Goal(8, "MB"))
    if wanted("P10"):
        say("P10", "page of the public form / floor", ground, asking.one_page(ground), Goal(1.5))
        say("P10", "first page on slow 3G, readable (clock)", ground, asking.first_page(ground), Goal(2, "s"))


def against_many(small: Ground, large: Ground, among: int) -> None:
    """P2: the same pages among many cases and among few, and on SQLite P1's page among many."""
    if not wanted("P2"):
        return
    sides = [(large, among), (small, OWN)]
    coordinators = [ground.world.member("coordinator") for ground, _ in sides]
    caseworkers = [ground.world.member("caseworker") for ground, _ in sides]
    cases = [ground.full_case(member.id) for (ground, _), member in zip(sides, caseworkers, strict=True)]
    promised = (
        ("list", coordinators, ["/cases", "/cases"]),
        ("deep page", coordinators, [f"/cases?before={count // 2}" for _, count in sides]),
        ("open", coordinators, [f"/cases/{case}" for case in cases]),
    )
    besides = (
        ("list, caseworker's 1,000", caseworkers, ["/cases", "/cases"]),
        ("only mine, coordinator", coordinators, ["/cases?mine=y", "/cases?mine=y"]),
    )
    for work, members, paths in promised + (besides if small.name == "SQLite" else ()):
        many_side, few_side = (
            page(ground.ours, SESSION, member.cookie, path)
            for (ground, _), member, path in zip(sides, members, paths, strict=True)
        )
        say("P2", f"{work}: {among:,} / {OWN:,}", small, duel(many_side, few_side), Goal(1.25))


def found_by_name(ground: Ground) -> None:
    """P7: names in three scripts among the twenty thousand newest cards of a coordinator."""
    if wanted("P7"):
        result = pages.searched(ground, ground.world.member("coordinator"), NAMES)
        say("P7", "search by name among 20,000, slowest (clock)", ground, result, Goal(300, "ms"))


def found_by_reference(small: Ground, large: Ground) -> None:
    """P7: a whole reference among a million."""
    if wanted("P7"):
        sides = [
            pages.searching(ground.ours, ground.world.member("coordinator").cookie, f"{PREFIX}-24-00001")
            for ground in (large, small)
        ]
        say("P7", f"a reference: {MANY:,} / {OWN:,}", small, duel(*sides), Goal(1.3))


def cold(ground: Ground) -> Result:
    """Cases recorded through the services, opened for the first time."""
    ground.world.record("colleague", pages.COLD)
    return pages.cold(ground, ground.world.member("colleague"))


def say(number: str, work: str, ground: Ground, result: Result, goal: Goal) -> None:
    """Print a line of the table."""
    value = f"{result.ratio:.2f} {goal.unit}"
    verdict = "pass" if goal.met(result.ratio) else "short"
    figures = (_figure(result.ours), _figure(result.other))
    print(LINE.format(number, work, ground.name, *figures, value, str(goal), verdict), flush=True)


def _figure(figure: Figure) -> str:
    clock = f" ({figure.p50:.0f}, {figure.p95:.0f})" if figure.p50 else ""
    return f"{figure.cpu:.1f}{clock}"


def quick_on_sqlite(folder: Path) -> Ground:
    """People who sign in with the test profile of Argon2id."""
    world, plain = (
        World(folder, f"sqlite:///{folder / 'himaya.db'}", FAST),
        f"sqlite:///{folder / 'plain.db'}",
    )
    folder.mkdir()
    create_tables(world.database_url)
    world.found()
    shutil.copyfile(folder / "himaya.db", folder / "plain.db")
    open_doors(world, plain)
    return Ground("SQLite", world, world.member("caseworker"), plain)


def on_sqlite(folder: Path) -> Ground:
    """A thousand cases in a file."""
    url, plain = f"sqlite:///{folder / 'himaya.db'}", folder / "plain.db"
    folder.mkdir()
    create_tables(url)
    world = World(folder, url)
    world.found()
    world.fill(OWN)
    reader = world.member("caseworker")
    shutil.copyfile(folder / "himaya.db", plain)
    open_all(world, "caseworker", f"sqlite:///{plain}")
    return Ground("SQLite", world, reader, f"sqlite:///{plain}")


@contextmanager
def on_postgres(folder: Path) -> Iterator[tuple[Ground, Ground, Ground, Ground]]:
    """The same on a cluster of our own: standard, the quick profile, cards to search in, many cases."""
    with Cluster.running() as cluster:
        urls = url, quick_url, named_url, many_url = [cluster.empty_database() for _ in range(4)]
        for each_url in urls:
            create_tables(each_url)
        world = World(folder / "standard", url)
        quick = World(folder / "quick", quick_url, FAST)
        named = World(folder / "named", named_url)
        there = World(folder / "many", many_url)
        for each in (there, world, quick, named):
            each.found()
        if wanted("P2"):  # before anybody signs in: sessions fall idle
            there.fill(MANY_THERE)
            vacuum(many_url)
        world.fill(OWN)
        if wanted("P7"):
            named.fill(NAMED)
        reader = world.member("caseworker")
        engine = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for copy, source in (("plain", url), ("plain_quick", quick_url)):
                connection.execute(text(f"CREATE DATABASE {copy} TEMPLATE {make_url(source).database}"))
        engine.dispose()
        open_all(world, "caseworker", cluster.url("plain"))
        open_doors(quick, cluster.url("plain_quick"))
        postmaster = (int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0]),)
        yield (
            Ground("PostgreSQL", world, reader, cluster.url("plain"), postmaster),
            Ground("PostgreSQL", quick, quick.member("caseworker"), cluster.url("plain_quick"), postmaster),
            Ground("PostgreSQL", named, named.member("caseworker"), database=postmaster),
            Ground("PostgreSQL", there, there.member("caseworker"), database=postmaster),
        )


def vacuum(url: str) -> None:
    """What a server does by itself within minutes after so many rows: without it no plan knows how many."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def many() -> Ground:
    """A million cases, kept in the instance folder until tables or seeds change, or the month ends."""
    root = Path(os.environ.get("HIMAYA_HOME") or "instance").absolute() / "bench"
    tables = "".join(
        made
        for table in Base.metadata.sorted_tables
        for made in (str(CreateTable(table)), *sorted(str(CreateIndex(index)) for index in table.indexes))
    )
    seeds = Path(__file__).with_name("seed.py").read_text(encoding="utf-8")
    month = datetime.now(UTC).strftime("%Y-%m")
    folder = root / sha256(f"{MANY}{tables}{seeds}{month}".encode()).hexdigest()[:16]
    world = World(folder, f"sqlite:///{folder / 'himaya.db'}")
    if not (folder / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        folder.mkdir(parents=True)
        begun = time.monotonic()
        create_tables(world.database_url)
        world.found()
        world.fill(MANY)
        (folder / "complete").touch()
        size = sum(file.stat().st_size for file in folder.rglob("*")) / 1e9
        print(
            f"     ({MANY:,} cases made in {time.monotonic() - begun:.0f} s; {size:.1f} GB kept in {folder})"
        )
    return Ground("SQLite", world, world.member("caseworker"))


if __name__ == "__main__":
    main()
