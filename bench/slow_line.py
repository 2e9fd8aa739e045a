"""A slow 3G line, by Chromium's own emulation: 400 kbit/s and 400 ms, as WebPageTest defines it."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page

BUDGET: Final = 100_000  # bytes on the wire of a first page, with its fonts
_BYTES_A_SECOND: Final = 400_000 / 8
_DELAY_MS: Final = 400


class SlowLine:
    """What a page loads from now on comes over such a line, and is counted."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._bytes = 0.0
        devtools = page.context.new_cdp_session(page)
        devtools.on("Network.loadingFinished", self._finished)
        devtools.send("Network.enable")
        rates = {"downloadThroughput": _BYTES_A_SECOND, "uploadThroughput": _BYTES_A_SECOND}
        line = {"offline": False, "latency": _DELAY_MS, **rates}
        devtools.send("Network.emulateNetworkConditions", line)

    def taken(self) -> int:
        """Bytes so far, heads included."""
        return int(self._bytes)

    def readable(self) -> float:
        """Milliseconds from asking for the present page until its words were painted."""
        painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        return float(self._page.evaluate(painted))

    def _finished(self, event: dict[str, Any]) -> None:
        self._bytes += event["encodedDataLength"]
