/* An area drawn on the picture becomes a line of the field: page, left, top, width, height in percent. */

document.querySelectorAll("[data-redact]").forEach((box) => {
  const field = document.getElementById(box.dataset.redact);
  const picture = box.querySelector("img");
  let from = null;
  let shown = null;

  function place(event) {
    const frame = picture.getBoundingClientRect();
    const inside = (value) => Math.min(Math.max(value, 0), 100);
    return [
      inside((100 * (event.clientX - frame.left)) / frame.width),
      inside((100 * (event.clientY - frame.top)) / frame.height),
    ];
  }

  function area(event) {
    const to = place(event);
    return [0, 1].map((at) => Math.min(from[at], to[at])).concat([0, 1].map((at) => Math.abs(from[at] - to[at])));
  }

  box.addEventListener("pointerdown", (event) => {
    if (event.target !== picture && !event.target.matches(".redact-area")) return;
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    from = place(event);
    shown = document.createElement("div");
    shown.className = "redact-area";
    box.append(shown);
  });
  box.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [left, top, width, height] = area(event);
    shown.style.left = `${left}%`;
    shown.style.top = `${top}%`;
    shown.style.width = `${width}%`;
    shown.style.height = `${height}%`;
  });
  box.addEventListener("pointerup", (event) => {
    if (!from) return;
    const found = area(event).map((value) => Math.floor(10 * value) / 10);
    from = null;
    if (found[2] < 0.5 || found[3] < 0.5) {
      shown.remove();
      return;
    }
    const before = field.value.trimEnd();
    field.value = `${before}${before ? "\n" : ""}${box.dataset.page} ${found.join(" ")}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  box.addEventListener("pointercancel", () => {
    from = null;
    if (shown) shown.remove();
  });
});
