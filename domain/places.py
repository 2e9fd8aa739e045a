"""The 81 provinces and 12 statistical regions of Türkiye (`config/places/`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.tables import Label, TableError, label_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROVINCE_COUNT: Final = 81


@dataclass(frozen=True, slots=True)
class Region:
    """A first-level region of the classification of territorial units for statistics (İBBS-1)."""

    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class Province:
    """A province; `plate` is its two-digit traffic code, by which it is stored everywhere."""

    plate: str
    label: Label
    region: str

    @property
    def iso(self) -> str:
        """ISO 3166-2 code, such as `TR-34`."""
        return f"TR-{self.plate}"

    @property
    def pcode(self) -> str:
        """Place code of the humanitarian boundary data set, such as `TUR034`."""
        return f"TUR{int(self.plate):03d}"


class Places:
    """Provinces by plate number, and regions."""

    def __init__(self, provinces: Mapping[str, Province], regions: Mapping[str, Region]) -> None:
        self.provinces: Final = dict(provinces)
        self.regions: Final = dict(regions)

    @classmethod
    def load(cls, directory: Path) -> Places:
        """Read `regions.tsv` and `provinces.tsv`. Raises `TableError` unless plates run 01 to 81."""
        regions = {
            row["code"]: Region(row["code"], label_of(row))
            for row in read_rows(directory / "regions.tsv", ("code", "en", "tr", "ar"))
        }
        path = directory / "provinces.tsv"
        provinces: dict[str, Province] = {}
        for number, row in enumerate(read_rows(path, ("plate", "en", "tr", "ar", "region")), start=1):
            if row["plate"] != f"{number:02d}":
                raise TableError(path, number + 1, f"plate {number:02d} is expected, not {row['plate']}")
            if row["region"] not in regions:
                raise TableError(path, number + 1, f"region {row['region']} is unknown")
            provinces[row["plate"]] = Province(row["plate"], label_of(row), row["region"])
        if len(provinces) != PROVINCE_COUNT:
            raise TableError(path, len(provinces) + 1, f"{PROVINCE_COUNT} provinces are expected")
        return cls(provinces, regions)

    def label(self, plate: str, language: str) -> str:
        """The name of a province. Raises `KeyError` for an unknown plate number."""
        return self.provinces[plate].label.of(language)

    def region_of(self, plate: str) -> Region:
        """The region in which a province lies. Raises `KeyError` for an unknown plate number."""
        return self.regions[self.provinces[plate].region]
