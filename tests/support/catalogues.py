"""Are the translations complete? `python -m tests.support.catalogues` says what is wrong, `make check` asks.

Every message of the code stands in each catalogue, translated, not fuzzy, with the same placeholders; no
catalogue keeps a message that the code has lost.
"""

import re
import sys
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LANGUAGES = ("ar", "tr")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|<(/?\w+)")


def extracted() -> Catalog:
    """All messages of the code and the templates, as [tool.babel] in pyproject.toml says where to look."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    catalog = Catalog()
    found = extract_from_dir(
        str(ROOT),
        method_map=[(entry["pattern"], entry["method"]) for entry in mappings],
        directory_filter=lambda folder: (
            not Path(folder).name.startswith((".", "instance", "tests", "node_modules"))
        ),
        keywords={
            "_": None,
            "gettext": None,
            "ngettext": (1, 2),
            "lazy_gettext": None,
            "lazy_ngettext": (1, 2),
            "_l": None,
            "N_": None,  # marks a sentence that is looked up later
        },
    )
    for name, line, message, _comments, context in found:
        catalog.add(message, locations=[(name, line)], context=context)
    return catalog


def problems(language: str, wanted: Catalog) -> list[str]:
    """What is wrong with one catalogue."""
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return [f"{language}: there is no catalogue"]
    with path.open("rb") as stream:
        catalog = read_po(stream, locale=language, abort_invalid=True)
    wrong = []
    for message in wanted:
        if message.id and (found := catalog.get(message.id, message.context)) is None:
            wrong.append(f"{language}: missing: {_first(message.id)!r} ({message.locations[0]})")
        elif message.id and found is not None:
            wrong.extend(
                f"{language}: {fault}: {_first(message.id)!r}"
                for fault in _faults(found, catalog.num_plurals)
            )
    wrong.extend(
        f"{language}: no longer in the code: {_first(message.id)!r}"
        for message in catalog
        if message.id and wanted.get(message.id, message.context) is None
    )
    return wrong


def _faults(message: Message, plurals: int) -> list[str]:
    texts = _strings(message.string)
    if message.fuzzy:
        return ["fuzzy"]
    if not all(texts) or (message.pluralizable and len(texts) != plurals):
        return ["not translated"]
    wanted = {_placeholders(text) for text in _strings(message.id)}
    # A plural form may leave the number out ("one case"), but no text may invent a placeholder.
    allowed = frozenset().union(*wanted)
    faults = []
    for text in texts:
        used = _placeholders(text)
        if not used <= allowed or (not message.pluralizable and used != allowed):
            faults.append("placeholders differ")
            break
    return faults


def _strings(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else [form or "" for form in text]


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(match.group(0) for match in PLACEHOLDER.finditer(text))


def _first(identifier: str | tuple[str, ...] | list[str]) -> str:
    return _strings(identifier)[0]


def main() -> int:
    """Print what is wrong. Returns 1 when something is."""
    wanted = extracted()
    wrong = [line for language in LANGUAGES for line in problems(language, wanted)]
    for line in wrong:
        sys.stdout.write(line + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
