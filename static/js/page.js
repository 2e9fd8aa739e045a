/* Small helps for every page. Each works on marked elements only; without scripts the page does the same, more slowly.
   A browser of 2018 has to read it as a whole, so nothing here is written in a younger way. */

const language = document.documentElement.lang;
const digits = new Intl.NumberFormat(language === "ar" ? "ar-SY-u-nu-arab" : language);

/* A form is sent once. Its buttons wait until the answer comes; coming back to the page opens them again. */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  });
}

function reopen(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[type=submit]")) button.removeAttribute("aria-disabled");
}

/* How many characters are left, counted in code points as the server counts. */
function countCharacters(note) {
  const area = document.getElementById(note.dataset.counterFor);
  const limit = Number(note.dataset.counter);
  const named = note.textContent;
  const show = () => {
    const left = limit - [...area.value].length;
    const words = left < 0 ? note.dataset.counterOver : note.dataset.counterLeft;
    note.textContent = left > limit / 2 ? named : words.replace("{n}", digits.format(Math.abs(left)));
    note.classList.toggle("over", left < 0);
  };
  area.addEventListener("input", show);
  show();
}

/* A run of thousands of joined letters is scrolled, not wrapped: wrapping it stops Chromium for many seconds. */
const UNBROKEN = /\S{1000}/;

function spareWrapping(area) {
  const look = (text) => area.classList.toggle("unbroken", UNBROKEN.test(text));
  area.addEventListener("beforeinput", (event) => event.data && look(area.value + event.data)); // before it is laid out
  area.addEventListener("input", () => look(area.value));
}

/* How hard a new password is to guess, by the same estimate as the server's; nothing leaves the page. */
function weighPassword(note) {
  const input = document.getElementById(note.dataset.meterFor);
  const words = note.dataset.meterWords.split("|");
  let loading = false;
  const show = () => {
    if (!window.zxcvbn) return;
    const score = input.value ? window.zxcvbn(input.value.slice(0, 100)).score : null;
    note.textContent = score === null ? "" : words[score];
    note.dataset.score = score === null ? "" : score;
  };
  input.addEventListener("input", () => {
    if (!loading) {
      loading = true;
      const script = document.createElement("script");
      script.src = note.dataset.meterSrc;
      script.addEventListener("load", show);
      document.head.append(script);
    }
    show();
  });
}

function copyCodes(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.querySelector("span");
  const before = label.textContent;
  button.addEventListener("click", async () => {
    const codes = button.closest("figure").querySelectorAll("code");
    await navigator.clipboard.writeText([...codes].map((code) => code.textContent.trim()).join("\n"));
    label.textContent = button.dataset.copied;
    setTimeout(() => (label.textContent = before), 4000);
  });
}

/* Leaving takes this page's place in the history. Three times Escape leaves too. */
function leaveQuickly(link) {
  const leave = () => {
    document.body.hidden = true;
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length >= 3) leave();
  });
}

const helps = {
  "form[data-once]": sendOnce,
  "[data-counter]": countCharacters,
  textarea: spareWrapping,
  "[data-meter-for]": weighPassword,
  "[data-copy]": copyCodes,
  "[data-exit]": leaveQuickly,
};
const helped = new WeakSet();

/* Once per element, also for what htmx brings in later. */
function start(root) {
  for (const [marked, help] of Object.entries(helps)) {
    for (const element of root.querySelectorAll(marked)) {
      if (!helped.has(element)) help(element);
      helped.add(element);
    }
  }
}

start(document);
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(reopen));
document.addEventListener("htmx:afterSwap", () => start(document));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("form[data-sent]")) reopen(event.target);
});

/* No answer at all: the form says so itself. A refusal comes as a fragment and takes the same place. */
document.addEventListener("htmx:sendError", (event) => {
  const said = event.target.querySelector("template[data-unreached]");
  if (said) said.previousElementSibling.replaceChildren(said.content.cloneNode(true));
});

/* A menu closes when the person turns elsewhere. */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
