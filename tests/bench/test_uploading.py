"""The benchmark's floor takes a file with as many statements as the product, and what it stores lies open."""

import re
from io import BytesIO
from pathlib import Path

from flask import Flask

from bench.asking import begun, open_door
from bench.floor_asking import COOKIE
from bench.pages import Ground
from bench.uploading import TELL, photo
from tests.bench.conftest import Both, counted
from tests.bench.test_doors import HOME, TOKEN

ID = re.compile(r'name="out" value="([0-9a-f-]{36})"')


def walk(app: Flask, cookie: str, files: list[bytes]) -> list[tuple[int, int, str]]:
    """Each file added, then the last one taken out: status, statements, page without what is random."""
    browser = app.test_client()
    browser.set_cookie(COOKIE, cookie, domain="localhost", secure=True)
    shown = browser.get(TELL, base_url=HOME)
    token = TOKEN.findall(shown.text)[-1][1]
    seen = []
    for file in [*files, None]:
        told = {"csrf_token": token, "text": "...", "subject": "B"}
        form = told | ({"add": "1"} if file else {"out": ID.findall(shown.text)[-1]})
        coming = {"files": (BytesIO(file), "IMG_1.jpg")} if file else {}
        with counted(app) as sent:
            shown = browser.post(TELL, base_url=HOME, data=form | coming, content_type="multipart/form-data")
        seen.append((shown.status_code, len(sent), ID.sub("", TOKEN.sub("", shown.text))))
    return seen


def stored(folder: Path) -> list[bytes]:
    """What lies in a store."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_the_floor_takes_files_with_as_many_statements_and_stores_them_open(both: Both) -> None:
    ground = Ground("SQLite", both.world, both.member, both.plain_url)
    open_door(ground)
    [draft] = begun(ground, 1)
    first, second = photo(200_000), photo(300_000)
    ours, floor = (walk(app, draft.cookie, [first, second]) for app in (both.product, both.floor))
    assert [status for status, *_ in ours] == [200, 200, 200]
    assert ours == floor
    assert stored(both.world.home / "floor_files") == [first]
    [sealed] = stored(both.world.home / "files")
    assert len(sealed) >= len(first)
    assert first[1_000:1_032] not in sealed
