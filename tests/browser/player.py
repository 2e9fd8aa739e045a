"""Somebody at a real browser: fills in what is on the page, looks at each page as a person would."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

import pyotp
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

PASSWORD: Final = "zeytin-agaci-87-mavi-kapi"
# Latin words that belong in an Arabic or Turkish page as they are.
WIDTHS: Final = {360, 1280}
NAMES: Final = re.compile(
    r"English|PDF|XLSX|CSV|DOCX|QR|Aegis|2FAS|HXL|WhatsApp|SMS|UETS|UYAP|UNHCR|CİMER|SGK|SYDV|SHA|İYUK|YUKK|HMK|CMK|Himaya"
    r"|docx|Word|JPEG|PNG|WebP|HEIC|ZIP"
    r"|[A-Z]{3}-\d\d-\d{5}"  # the reference of a case, also where a list to choose from takes no markup
)
# A page that is left while it was still asking for something.
LEFT: Final = re.compile(r"htmx:(afterRequest|sendAbort),")
# Pages of which the other width was looked at: address without what differs, and language.
DIFFERS: Final = re.compile(r"[0-9a-f-]{36}|\?.*")
SEEN: Final[set[tuple[str, str]]] = set()
# What a reader sees, less what is typed by people, codes, and passages in a language of their own.
VISIBLE: Final = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll('bdi, code, script, style, [lang], [dir=ltr], input, textarea, svg title, .typed')
    .forEach(e => e.remove());
  return copy.textContent.replace(/\\s+/g, ' ');
}"""


@dataclass
class Player:
    """A person with a device, a language and, once joined, a password and an authenticator."""

    browser: Browser
    url: str
    language: str
    width: int
    email: str
    secret: str = ""
    used: int = 0
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        device = ViewportSize(width=self.width, height=800)
        context = self.browser.new_context(viewport=device, java_script_enabled=self.scripts)
        context.add_cookies([{"name": "language", "value": self.language, "url": self.url}])
        self.page: Page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not LEFT.match(message.text):
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path)
        self.look()

    def fill(self, **fields: Any) -> None:
        """Type into the fields of the page, by their names."""
        for name, value in fields.items():
            control = self.page.locator(f"[name='{name}']")
            if isinstance(value, dt.date):  # three boxes
                for place, part in enumerate((value.day, value.month, value.year)):
                    control.nth(place).fill(str(part))
                continue
            kind = control.first.evaluate("e => e.type")
            if kind in {"radio", "checkbox"}:
                wanted = value if isinstance(value, list) else [value]
                for one in wanted:
                    self.page.locator(f"[name='{name}'][value='{one}']").check()
            elif kind.startswith("select"):
                control.select_option(value)
            else:
                control.fill(value)

    def send(self, name: str = "csrf_token") -> None:
        """Press the button of the form in the page's main part that holds this field."""
        form = self.page.locator(f"main form:has([name='{name}'])").last
        form.evaluate("form => form.dataset.pressed = ''")
        form.locator("button:not([type=button]):not([name=add])").last.click()
        # Another page, or another form in its place.
        self.page.locator("form[data-pressed]").wait_for(state="detached")
        self.page.wait_for_load_state()
        self.look()

    def act(self, address: str) -> None:
        """Press the button that does one thing: its form's address holds `address`."""
        with self.page.expect_navigation():
            self.page.locator(f"main form[action*='{address}'] button").first.click()
        self.look()

    def send_wrongly(self, name: str) -> None:
        """Send a form that is not right: the page says so beside a field."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as refused:
            self.page.locator(f"main form:has([name='{name}']) button[type=submit]").last.click()
        assert refused.value.status == 422
        self.page.locator(".field-wrong .error").first.wait_for()
        self.complaints.clear()  # the browser reports the 422
        self.look()

    def is_shut_out(self, path: str) -> bool:
        """Whether a page is not there for this person; it says no more than that."""
        answer = self.page.goto(self.url + path)
        self.complaints.clear()  # the browser reports the 404
        self.look()
        return answer is not None and answer.status == 404

    def press(self, href: str) -> None:
        """Follow a link of the main part whose address holds `href`."""
        self.page.locator(f"main a[href*='{href}']").first.click()
        self.page.wait_for_load_state()
        self.look()

    def read_authenticator(self) -> None:
        """What a phone reads from the picture."""
        found = re.search(r"otpauth://totp/[^\"]*?secret=([A-Z2-7]+)", self.page.content())
        assert found
        self.secret = found[1]

    def code(self) -> str:
        """The next code that was not used before: the server takes each once, also the next half minute's."""
        step = max(int(time.time()) // 30, self.used + 1)
        while step > int(time.time()) // 30 + 1:
            time.sleep(1)
        self.used = step
        return str(pyotp.TOTP(self.secret).generate_otp(step))

    def sign_in(self) -> None:
        self.go("/sign-in")
        self.pass_doors()
        assert self.page.url.endswith("/desk"), self.page.url

    def pass_doors(self) -> None:
        """Give password and code at the door that the page shows."""
        self.fill(email=self.email, password=PASSWORD)
        self.send("email")
        self.fill(code=self.code())
        self.send("code")

    def confirm(self) -> None:
        """Type the password again where the page asks for it."""
        if "/confirm" in self.page.url:
            self.fill(password=PASSWORD)
            self.send("password")

    def join(self, link: str) -> None:
        self.go(link)
        self.read_authenticator()
        self.fill(password=PASSWORD, again=PASSWORD, totp_code=self.code())
        self.send("totp_code")

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    def look(self) -> None:
        """Language, direction, width, neutral title, no foreign words, nothing refused by the browser."""
        html = self.page.locator("html")
        assert html.get_attribute("lang") == self.language
        assert html.get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr")
        page = (DIFFERS.sub("", self.page.url.removeprefix(self.url)), self.language)
        for width in [None] if page in SEEN else [*WIDTHS - {self.width}, self.width]:  # the own one last
            if width:
                self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            screen = width or self.width
            assert wide <= screen, f"{self.page.url} is {wide} pixels wide on a screen of {screen}"
        SEEN.add(page)
        assert self.complaints == [], (self.page.url, self.complaints)
        if self.language == "ar":
            seen = NAMES.sub("", self.page.evaluate(VISIBLE))
            assert not re.findall(r"[A-Za-z]{3,}", seen), (self.page.url, re.findall(r"[A-Za-z]{3,}", seen))
