"""All coded vignettes of a dossier judged together: each case is told once, alone or in one composite.

`vignettes` judges one case. Here nobody appears twice: what stands alone joins no composite, and what one
composite took no other may take. The order of the cases decides where more than one would be possible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from domain.stories.vignettes import CodedCase, Detail, Refusal, TooRecognisable, Vignette, vignette

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Tellings:
    """What may be told, and by what rule the other cases may not."""

    told: tuple[Vignette, ...]
    refused: Mapping[str, tuple[Refusal, ...]]


def tellings(codes: Mapping[str, Mapping[str, str]], facts: Iterable[CodedCase]) -> Tellings:
    """Judge the cases in their order.

    `codes` holds what may be told of each case, by `Detail`; a detail that is missing is not told. `facts`
    are all cases that may be counted, once each: whose client and authority a case has stands only there.
    """
    counted = {fact.case: fact for fact in facts}
    for case, told in codes.items():
        if case in counted:
            counted[case] = replace(
                counted[case],
                issue=told.get(Detail.ISSUE, ""),
                region=told.get(Detail.REGION, ""),
                quarter=told.get(Detail.QUARTER, ""),
                age=told.get(Detail.AGE, ""),
            )
    everybody = list(counted.values())
    stand: list[Vignette] = []
    left: dict[str, tuple[Refusal, ...]] = {}
    for case in codes:
        try:
            stand.append(vignette(case, (), everybody))
        except TooRecognisable as refused:
            left[case] = refused.reasons
    for case in tuple(left):
        if case not in left:
            continue
        try:
            composite = vignette(case, left, everybody)
        except TooRecognisable as refused:
            left[case] = refused.reasons
        else:
            stand.append(composite)
            for member in composite.cases:
                del left[member]
    return Tellings(tuple(stand), left)
