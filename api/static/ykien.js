// What makes pages comfortable: nothing here is needed, every form works without it.
// Saving while typing, one click one act, what was typed outlives a session, keys, live parts.
"use strict";
(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const token = () => document.querySelector('meta[name="form-token"]')?.content ?? "";
  const say = (text) => { const place = document.getElementById("thong-bao"); if (place) place.textContent = text; };
  const ours = { "X-Requested-With": "ykien" };

  // Everything htmx sends carries the form's token.
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail?.ctx?.request;
    if (!request?.headers) return;
    request.headers["X-Form-Token"] = token();
    // A page that looks again by itself is no sign of anybody sitting there.
    if ((event.detail.ctx.sourceElement?.getAttribute("hx-trigger") ?? "").includes("every ")) request.headers["X-Poll"] = "1";
  });

  // A second click while the first is on its way does nothing; the server would recognise it anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent && form.method === "post") { event.preventDefault(); return; }
    if (form.method !== "post" || form.hasAttribute("data-again")) return;
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  // Back from the next page: the form may be sent again.
  window.addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Keys: "/" search, "g" then "v" the first page, "?" help. Never while typing.
  let before = "";
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input,textarea,select,[contenteditable]") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/") { event.preventDefault(); document.querySelector('[data-shortcut="/"]')?.focus(); }
    if (before === "g" && event.key === "v") location.href = "/";
    if (event.key === "?") location.href = "/huong-dan";
    before = event.key;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") $$("details.who[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // The first thing wrong is what the reader hears first.
  document.querySelector("[data-focus]")?.focus();

  // --- saving while typing: <form data-save="/address" data-version="3"> ---
  const later = new Map();
  const changed = new WeakSet();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-save]");
    if (!form) return;
    changed.add(form);
    keepHere(form);
    clearTimeout(later.get(form));
    later.set(form, setTimeout(() => save(form), Number(form.dataset.saveAfter || 2000)));
  });
  // Asks before leaving only what could not be saved.
  window.addEventListener("beforeunload", (event) => {
    if ($$("form[data-save]").some((form) => form.dataset.unsaved && !form.dataset.sent)) event.preventDefault();
  });

  // One save at a time: two on their way at once would overtake each other and look like a colleague's.
  async function save(form) {
    if (form.dataset.sent) return;
    if (form.dataset.saving) { form.dataset.saving = "again"; return; }
    form.dataset.saving = "1";
    try { await saveNow(form); } finally {
      const again = form.dataset.saving === "again";
      delete form.dataset.saving;
      if (again && !form.dataset.unsaved) save(form);
    }
  }

  async function saveNow(form) {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("_phien_ban", form.dataset.version ?? "");
    let answer;
    try {
      answer = await fetch(form.dataset.save, { method: "POST", body, headers: { ...ours, "X-Form-Token": token() } });
    } catch { return state(form, "offline", true); }
    if (answer.status === 401) { state(form, "signed-out", true); return; }
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 409) { form.dataset.unsaved = "1"; conflict(form, told); return; }
    if (!answer.ok) {
      // A secret text stays nowhere, not in this browser either.
      if ((told.type || "").endsWith(":classified")) localStorage.removeItem(place(form));
      state(form, "refused", true, told.detail);
      return;
    }
    form.dataset.version = told.version;
    const field = form.querySelector('[name="_phien_ban"]');
    if (field) field.value = told.version;
    changed.delete(form);
    localStorage.removeItem(place(form));
    state(form, "saved", false, told.saved);
  }

  // `data-say-saved`, `data-say-offline` …: the sentences, written by the server.
  function state(form, name, unsaved, text) {
    if (unsaved) form.dataset.unsaved = "1"; else delete form.dataset.unsaved;
    const line = form.querySelector("[data-save-state]");
    if (!line) return;
    const sentence = text || line.dataset[`say${name.replace(/(^|-)(.)/g, (_, __, c) => c.toUpperCase())}`] || "";
    line.dataset.state = name;
    line.textContent = sentence;
    if (name === "signed-out" && line.dataset.signIn) {
      const link = document.createElement("a");
      link.href = line.dataset.signIn; link.target = "_blank"; link.rel = "opener"; link.textContent = line.dataset.sayLink || "";
      line.append(" ", link);
    }
  }
  function conflict(form, told) {
    const box = form.querySelector("[data-conflict]");
    if (!box) return;
    box.hidden = false;
    const text = box.querySelector("[data-theirs]");
    if (text) text.textContent = told.theirs || "";
    const who = box.querySelector("[data-who]");
    if (who) who.textContent = told.who || "";
    box.querySelector("[data-mine]")?.addEventListener("click", () => { form.dataset.version = told.version; box.hidden = true; save(form); }, { once: true });
    say(told.who || "");
  }

  // What is typed is also kept in this browser until the server has it: a closed lid or an ended session loses nothing.
  const place = (form) => `ykien:${document.body.dataset.account || ""}:${form.dataset.save}`;
  function keepHere(form) {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("_"));
    try { localStorage.setItem(place(form), JSON.stringify(fields)); } catch { /* full or forbidden: the server's copy must do */ }
  }
  function restore(form) {
    const kept = localStorage.getItem(place(form));
    if (!kept) return;
    const box = form.querySelector("[data-restore]");
    const fields = JSON.parse(kept);
    const differs = fields.some(([name, value]) => { const now = new FormData(form).getAll(name); return !now.includes(value); });
    if (!differs) { localStorage.removeItem(place(form)); return; }
    if (!box) return;
    box.hidden = false;
    box.querySelector("[data-take]")?.addEventListener("click", () => {
      for (const [name, value] of fields) {
        const field = form.elements.namedItem(name);
        if (field instanceof RadioNodeList) field.value = value;
        else if (field && field.type === "checkbox") field.checked = true;
        else if (field) { field.value = value; field.dispatchEvent(new Event("input", { bubbles: true })); }
      }
      box.hidden = true; save(form);
    });
    box.querySelector("[data-drop]")?.addEventListener("click", () => { localStorage.removeItem(place(form)); box.hidden = true; });
  }
  $$("form[data-save]").forEach(restore);
  // Signed in again in another tab: save what waits here, with that session's token.
  window.addEventListener("focus", async () => {
    const waiting = $$('form[data-save][data-unsaved]');
    if (!waiting.length) return;
    const page = await fetch(location.href, { headers: { Accept: "text/html" } }).then((a) => (a.ok ? a.text() : "")).catch(() => "");
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector('meta[name="form-token"]')?.content;
    if (!fresh) return;
    document.querySelector('meta[name="form-token"]').content = fresh;
    $$('input[name="_ma"]').forEach((field) => { field.value = fresh; });
    waiting.forEach(save);
  });

  // --- rows that can be added: <template data-row> in a [data-rows]; # in names is the row's number ---
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    if (add) {
      const rows = document.getElementById(add.dataset.add);
      const number = Number(rows.dataset.next || rows.children.length);
      rows.dataset.next = number + 1;
      const made = rows.querySelector("template[data-row]").innerHTML.replaceAll("__N__", number);
      rows.insertAdjacentHTML("beforeend", made);
      const last = rows.lastElementChild;
      last.querySelector("input,textarea,select")?.focus();
      window.htmx?.process(last);
      return;
    }
    const drop = event.target.closest("[data-drop-row]");
    if (drop) { const form = drop.closest("form"); drop.closest("[data-one-row]").remove(); form?.dispatchEvent(new Event("input", { bubbles: true })); }
    const all = event.target.closest("[data-tick-all]");
    if (all) $$(`input[type=checkbox][name="${all.dataset.tickAll}"]`).forEach((box) => { box.checked = all.checked; });
    if (event.target.closest("[data-print]")) window.print();
  });
  // A select that applies itself (filters); without script there is a button.
  document.addEventListener("change", (event) => { if (event.target.matches("[data-apply]")) event.target.form.requestSubmit(); });
  document.documentElement.classList.add("js");
})();
