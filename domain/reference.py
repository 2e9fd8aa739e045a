"""All reference data of an installation, read once at start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.consents import ConsentCatalogue
from domain.lists import CodeList, load_lists
from domain.places import Places
from domain.taxonomy import Taxonomy
from domain.urgency import Urgency, load_urgencies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reference:
    """Taxonomy, places, code lists, consent wordings and urgency clocks."""

    taxonomy: Taxonomy
    places: Places
    lists: Mapping[str, CodeList]
    consents: ConsentCatalogue
    urgencies: Mapping[str, Urgency]

    @classmethod
    def load(cls, config: Path) -> Reference:
        """Read the tables under the `config` folder. Raises `TableError` naming the first bad line."""
        return cls(
            Taxonomy.load(config / "law" / "taxonomy.tsv"),
            Places.load(config / "places"),
            load_lists(config / "lists"),
            ConsentCatalogue.load(config / "law" / "consents.tsv"),
            load_urgencies(config / "law" / "urgency.tsv"),
        )
