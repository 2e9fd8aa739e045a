/* Each chosen file goes by itself, with how far it is; one that breaks off is chosen again, alone. Without scripts the
   same files go with the form. */

function bring(box) {
  const form = box.closest("form");
  const list = box.querySelector("[data-files-list]");
  const inputs = box.querySelectorAll("input[type=file]");
  const add = box.querySelector("[data-files-add]");
  const note = box.querySelector("[data-files-note]");
  const waiting = [];
  let running = null;

  function say(words) {
    const error = document.createElement("p");
    error.className = "error";
    error.setAttribute("role", "alert");
    error.textContent = words;
    list.append(error);
  }

  function row(file) {
    const line = document.createElement("p");
    const label = document.createElement("label");
    const name = document.createElement("bdi");
    const bar = document.createElement("progress");
    const stop = document.createElement("button");
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    label.append(box.dataset.filesSending, " ", name, " ", bar);
    stop.type = "button";
    stop.className = "button button-quiet";
    stop.textContent = box.dataset.filesStop;
    line.append(label, " ", stop);
    list.after(line);
    return { line, bar, stop };
  }

  function send(fields, shown) {
    const data = new FormData();
    for (const name of ["csrf_token", "token"]) {
      const field = form.elements[name];
      if (field) data.append(name, field.value);
    }
    for (const [name, value] of fields) data.append(name, value);
    const line = new XMLHttpRequest();
    running = line;
    const done = () => {
      running = null;
      note.textContent = "";
      if (shown) shown.line.remove();
      next();
    };
    if (shown) {
      shown.stop.addEventListener("click", () => line.abort());
      line.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = (100 * event.loaded) / event.total;
      });
    }
    line.addEventListener("load", () => {
      const busy = line.status === 503 && line.getResponseHeader("Retry-After");
      if (line.status === 200 || line.status === 422 || busy) {
        list.textContent = "";
        list.append(document.createRange().createContextualFragment(line.responseText));
      } else say(line.status === 410 ? box.dataset.filesOver : box.dataset.filesLost);
      done();
    });
    line.addEventListener("error", () => {
      say(box.dataset.filesLost);
      done();
    });
    line.addEventListener("abort", done);
    line.open("POST", box.dataset.files);
    line.send(data);
  }

  function next() {
    if (running || !waiting.length) return;
    const file = waiting.shift();
    if (file.size > Number(box.dataset.filesSize)) {
      say(`\u2068${file.name}\u2069: ${box.dataset.filesLarge}`);
      next();
    } else send([["files", file]], row(file));
  }

  for (const input of inputs) {
    input.addEventListener("change", () => {
      waiting.push(...input.files);
      input.value = "";
      next();
    });
  }
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=out]");
    if (!button || running) return;
    event.preventDefault();
    send([["out", button.value]], null);
  });
  /* What is still on its way belongs to the message: the form waits for it. */
  form.addEventListener(
    "submit",
    (event) => {
      if (!running && !waiting.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      note.textContent = box.dataset.filesWait;
    },
    true,
  );
  add.hidden = true;
}

document.querySelectorAll("[data-files]").forEach(bring);
