/* Each chosen file goes by itself, with how far it is; one that breaks off is sent again, alone. Without scripts the same
   files go with the form. */

function bring(box) {
  const form = box.closest("form");
  const inputs = form.querySelectorAll("input[type=file]");
  let waiting = [];
  let wrong = false;
  let running = false;

  function say(words) {
    const note = document.createElement("p");
    note.className = "error";
    note.setAttribute("role", "alert");
    note.textContent = words;
    box.append(note);
    wrong = true;
  }

  function row(file) {
    const line = document.createElement("p");
    const label = document.createElement("label");
    const name = document.createElement("bdi");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    label.append(box.dataset.sending, " ", name, " ", bar);
    line.append(label);
    box.append(line);
    return { line, bar };
  }

  function stop() {
    running = false;
    form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = false));
  }

  function next() {
    const file = waiting[0];
    if (!file) {
      stop();
      if (!wrong) location.assign(box.dataset.done);
      return;
    }
    if (file.size > Number(box.dataset.size)) {
      say(`\u2068${file.name}\u2069: ${box.dataset.large}`);
      waiting.shift();
      next();
      return;
    }
    const data = new FormData(form);
    for (const input of inputs) data.delete(input.name);
    data.append("files", file);
    const shown = row(file);
    const line = new XMLHttpRequest();
    line.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.bar.value = (100 * event.loaded) / event.total;
    });
    line.addEventListener("load", () => {
      shown.line.remove();
      const moved = line.getResponseHeader("HX-Redirect");
      if (!moved && (line.status === 200 || line.status === 422)) {
        box.append(document.createRange().createContextualFragment(line.responseText));
        if (box.querySelector(".error")) wrong = true;
        const onward = box.querySelector("[data-onward]"); // where the page goes on is known only now
        if (onward) box.dataset.done = onward.dataset.onward;
      }
      if (!moved && line.status === 200) {
        waiting.shift();
        next();
        return;
      }
      if (moved) say(box.dataset.over);
      else if (line.status !== 422) say(box.dataset.lost);
      stop();
    });
    line.addEventListener("error", () => {
      shown.line.remove();
      say(box.dataset.lost);
      stop();
    });
    line.open("POST", form.action);
    line.setRequestHeader("HX-Request", "true");
    line.send(data);
  }

  form.addEventListener(
    "submit",
    (event) => {
      const chosen = [...inputs].flatMap((input) => [...input.files]);
      if (!chosen.length && !waiting.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (running) return;
      running = true;
      wrong = false;
      box.querySelectorAll(".error").forEach((note) => note.remove());
      for (const input of inputs) input.value = "";
      waiting = [...waiting, ...chosen];
      form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = true));
      next();
    },
    true,
  );
}

document.querySelectorAll("[data-documents]").forEach(bring);
