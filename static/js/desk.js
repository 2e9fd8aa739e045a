/* Helps for people who live in the desk: drafts, the warning before the lock, keys in lists. */

const DRAFT_EVERY = 20_000;
const WARN_BEFORE = 60;

/* Drafts of long forms go to the server, which seals them; nothing is kept in the browser. Files are not part of a draft. */
function keepDraft(form) {
  if (form.dataset.drafting) return;
  form.dataset.drafting = "1";
  const status = form.querySelector("[data-draft-status]");
  const body = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return new URLSearchParams(data);
  };
  let kept = body().toString();
  const send = async (leaving) => {
    const now = body();
    // A form that was sent in place is no part of the page any more.
    if (now.toString() === kept || form.dataset.sent || !form.isConnected) return;
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: now, keepalive: leaving, redirect: "error" });
      if (!answer.ok) throw new Error();
      kept = now.toString();
      const time = new Intl.DateTimeFormat(document.documentElement.lang === "ar" ? "ar-SY-u-nu-arab" : document.documentElement.lang, { timeStyle: "short" });
      status.textContent = form.dataset.draftSaved.replace("{time}", time.format(new Date()));
    } catch {
      status.textContent = form.dataset.draftFailed;
    }
  };
  setInterval(() => send(false), DRAFT_EVERY);
  addEventListener("pagehide", () => send(true));
  form.addEventListener("himaya:draft", () => send(false));
}

/* A minute before the screen locks the page says so; then it saves its drafts and locks. */
function watchIdle(notice) {
  const limit = Number(notice.dataset.idleSeconds);
  const stay = notice.querySelector("[data-idle-stay]");
  let seen = Date.now();
  const saveDrafts = () => document.querySelectorAll("form[data-draft-url]").forEach((form) => form.dispatchEvent(new Event("himaya:draft")));
  const look = () => {
    const idle = (Date.now() - seen) / 1000;
    if (idle >= limit) {
      seen = Date.now();
      document.querySelector("[data-lock] form").requestSubmit();
    } else if (idle >= limit - WARN_BEFORE && notice.hidden) {
      saveDrafts();
      notice.hidden = false;
    }
  };
  stay.addEventListener("click", async () => {
    if (stay.dataset.aliveUrl) await fetch(stay.dataset.aliveUrl).catch(() => undefined);
    seen = Date.now();
    notice.hidden = true;
  });
  document.addEventListener("htmx:afterRequest", () => (seen = Date.now()));
  setInterval(look, 5000);
}

/* Single keys. j and k walk through the lists of a page, and the arrows once a line has the focus; Enter opens; / goes to
   the search, n to a new note, ? to the page that lists the keys. Never while somebody types; whoever turned them off
   keeps the arrows. */
const shortcuts = document.documentElement.dataset.shortcuts;

/* Where the keyboard writes Arabic, the place of a key counts: J is where a Latin keyboard has it. */
function keyOf(event) {
  if (event.key === "؟") return "?";
  if (event.key.length === 1 && event.key.charCodeAt(0) > 0x24f) {
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
    if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
  }
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function walk(forward, started) {
  const links = [...document.querySelectorAll("table[data-keys] .row-link, .link-list .row-link")].filter((link) => link.offsetParent);
  const at = links.indexOf(document.activeElement);
  if (!links.length || (started && at < 0)) return false; // before anybody walks the arrows scroll the page, as everywhere
  const to = forward ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
  links[to].focus();
  links[to].closest("tr, li").scrollIntoView({ block: "nearest" });
  return true;
}

function reach(field) {
  if (!field) return false;
  field.focus();
  field.scrollIntoView({ block: "nearest" });
  return true;
}

function tick(link) {
  const box = link.closest("tr") && link.closest("tr").querySelector(".pick input");
  if (box) box.click();
  return Boolean(box);
}

function goTo(url) {
  if (url) location.assign(url);
  return Boolean(url);
}

const keys = {
  j: () => walk(true),
  k: () => walk(false),
  "/": () => reach(document.querySelector("[data-search]")) || goTo(document.documentElement.dataset.searchUrl),
  x: () => tick(document.activeElement),
  n: () => reach(document.querySelector("#timeline form textarea")),
  "?": () => goTo(shortcuts),
};
const arrows = { ArrowDown: () => walk(true, true), ArrowUp: () => walk(false, true) };

function listen() {
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], [role=alertdialog]");
  document.addEventListener("keydown", (event) => {
    if (!event.key || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const act = arrows[event.key] || (shortcuts && keys[keyOf(event)]);
    if (act && act()) event.preventDefault();
  });
}

const keepDrafts = () => document.querySelectorAll("form[data-draft-url]").forEach(keepDraft);
keepDrafts();
document.addEventListener("htmx:afterSwap", keepDrafts);
document.querySelectorAll("[data-idle-seconds]").forEach(watchIdle);
listen();
