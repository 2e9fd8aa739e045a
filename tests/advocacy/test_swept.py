"""The sweep of the store takes what an upload left, and nothing that any feature keeps there."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from advocacy.models.dossiers import DossierOutput
from core.store import sealed_files, sweeping
from core.store.base import Base, db
from core.store.transaction import transaction
from reports.models import Release
from reports.service import releases
from tests.advocacy.test_recalled import figure
from tests.advocacy.test_stories import left, told
from tests.support.cast import Cast
from tests.support.clock import FrozenClock


def test_every_column_with_the_name_of_an_object_is_asked() -> None:
    named = {f"{one.table.name}.{one.name}" for one in sweeping.columns()}
    keys = {"request_files.id", "case_files.id", "case_archives.id"}
    called = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in {"blob_id", "copy_id"}
    }
    assert named == keys | called


def test_a_release_and_the_file_of_a_dossier_stay_however_old(ours: Cast, clock: FrozenClock) -> None:
    dossier_id, _case, _story = told(ours)
    left(ours, dossier_id)
    release_id = figure(ours, clock)
    store = sealed_files.store()
    with transaction():
        output = db.session.scalars(select(DossierOutput.blob_id)).one()
        table = db.session.get_one(Release, release_id).blob_id
    store.put(orphan := type(table)(int=1), b"left by an upload")
    for path in Path(urlsplit(ours.settings.storage_url).path).rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))
    assert sweeping.sweep() == 1
    assert set(store.older_than(clock.instant)) == {output, table}
    assert orphan not in {output, table}
    with transaction():
        assert releases.fetch(ours["manager"], store, release_id)[1]
