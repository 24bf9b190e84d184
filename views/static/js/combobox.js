// Choosing a record by part of its number or name (ARIA combobox with a list box). POST, because the words may name a person: q and the
// institution whose record it is → [{id, label, house, near}]. Words for which nothing was chosen stay in the box and are sent; the server refuses them.

import { goOn } from "./fields.js";

const PAUSE = 180; // milliseconds after the last key: under a typist's notice, over a fast typist's interval

class Combobox {
  constructor(root) {
    this.root = root;
    this.many = root.classList.contains("many");
    this.input = root.querySelector(".typed");
    this.list = root.querySelector(".choices");
    this.status = root.querySelector("[data-said]");
    this.hidden = root.querySelector("[data-id]");
    this.said = root.querySelector("[data-settled]"); // the words that belong to the chosen record
    this.at = -1;
    this.input.addEventListener("input", (event) => this.typed(event));
    this.input.addEventListener("compositionend", (event) => this.typed(event));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.left());
    this.list.addEventListener("mousedown", (event) => this.picked(event));
    root.querySelector("[data-clear]")?.addEventListener("click", () => this.clear());
  }

  typed(event) {
    clearTimeout(this.timer);
    this.note?.remove();
    if (event.isComposing) return;
    const words = this.input.value.trim();
    if (!words) {
      this.close();
      if (!this.many) this.take("", "");
      return;
    }
    this.timer = setTimeout(() => this.ask(words), PAUSE);
  }

  async ask(words) {
    this.asking?.abort();
    this.asking = new AbortController();
    const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
    try {
      const answer = await fetch(this.root.dataset.lookup, {
        method: "POST",
        body: new URLSearchParams({ q: words, institution: this.home(), csrf_token: token }),
        signal: this.asking.signal,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.offer(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.say(this.root.dataset.failed);
    }
  }

  home() {
    return this.root.closest("form")?.elements.namedItem("institution")?.value ?? this.root.dataset.home;
  }

  offer(found) {
    this.list.replaceChildren(...found.map((each, index) => this.option(each, index)));
    this.at = -1;
    if (!found.length) this.say(this.root.dataset.none);
    this.offerNew();
    this.open();
    // Another institution's record is never chosen beforehand: arrow keys and Enter reach it.
    if (!found.length || found[0].near) this.move(0);
    if (found.length) this.status.textContent = `${found.length}${this.root.dataset.found}`;
  }

  // What was not found can be made without leaving the form.
  offerNew() {
    if (!this.root.dataset.create) return;
    const line = this.option({ id: "", label: this.root.dataset.createWords.replace("…", this.input.value.trim()) }, this.options().length);
    line.dataset.create = "";
    line.classList.add("make");
    this.list.append(line);
  }

  make() {
    const words = this.input.value.trim();
    this.close();
    import("./drawer.js").then(({ openDrawer }) => openDrawer(this.root.dataset.create, words, (made) => {
      if (this.many) this.add(made.id, made.label);
      else this.take(made.id, made.label);
      this.input.focus();
      if (made.id && !this.many) goOn(this.input);
    }));
  }

  option(each, index) {
    const line = document.createElement("li");
    line.role = "option";
    line.id = `${this.list.id}-${index}`;
    line.dataset.id = each.id;
    line.dataset.label = each.house ? `${each.label}（${each.house}）` : each.label;
    line.textContent = each.label;
    if (each.house) line.append(" ", Object.assign(document.createElement("span"), { className: "soft", textContent: each.house }));
    line.setAttribute("aria-selected", "false");
    return line;
  }

  say(words) {
    const line = document.createElement("li");
    line.className = "said";
    line.role = "option";
    line.setAttribute("aria-disabled", "true");
    line.setAttribute("aria-selected", "false");
    line.textContent = words;
    this.list.replaceChildren(line);
    this.status.textContent = words;
    this.open();
  }

  options() {
    return [...this.list.querySelectorAll("li:not(.said)")];
  }

  move(to) {
    const all = this.options();
    if (!all.length) return;
    this.at = (to + all.length) % all.length;
    all.forEach((each, index) => { each.setAttribute("aria-selected", String(index === this.at)); });
    all[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", all[this.at].id);
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) this.move(this.at + (event.key === "ArrowDown" ? 1 : -1));
      else if (this.input.value.trim()) this.ask(this.input.value.trim());
    } else if (event.key === "Enter" && open && this.options().length) {
      event.preventDefault();
      event.stopPropagation();
      if (this.at < 0) this.move(0);
      else {
        const line = this.options()[this.at];
        this.choose(line);
        // Chosen with Enter: on to the next field, as Enter goes on everywhere in a form.
        if (!this.many && !("create" in line.dataset) && this.input.closest("form[data-record]")) goOn(this.input);
      }
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      this.close();
    }
  }

  picked(event) {
    event.preventDefault(); // the box keeps the focus
    const line = event.target.closest("li:not(.said)");
    if (line) this.choose(line);
  }

  choose(line) {
    if ("create" in line.dataset) {
      this.make();
      return;
    }
    if (this.many) this.add(line.dataset.id, line.dataset.label);
    else this.take(line.dataset.id, line.dataset.label);
    this.close();
  }

  take(id, label) {
    delete this.root.dataset.loose;
    this.hidden.value = id;
    this.said.value = label;
    if (id) this.input.value = label;
    for (const each of this.root.querySelectorAll("[data-matches] input")) each.checked = false;
    this.settle();
    this.changed();
  }

  add(id, label) {
    this.input.value = "";
    this.settle();
    const name = this.root.dataset.name;
    const chosen = this.root.querySelector("[data-chosen-list]");
    const there = [...chosen.querySelectorAll("input")].find((each) => each.value === id);
    if (there) {
      there.checked = true;
      return;
    }
    const line = document.createElement("li");
    const tick = document.createElement("label");
    tick.className = "tick";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value: id, checked: true });
    tick.append(box, ` ${label}`);
    line.append(tick);
    chosen.append(line);
    this.changed();
  }

  clear() {
    this.input.value = "";
    this.take("", "");
    this.close();
    this.input.focus();
  }

  left() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.close();
    this.settle();
  }

  // Words that chose nothing must not look like a choice; they stay, and the box says so.
  settle() {
    const words = this.input.value.trim();
    const loose = words !== "" && (this.many || words !== this.said.value.trim() || "loose" in this.root.dataset);
    this.input.removeAttribute("aria-invalid");
    this.note?.remove();
    if (!loose) return;
    this.input.setAttribute("aria-invalid", "true");
    this.note = Object.assign(document.createElement("p"), { className: "wrong-words", textContent: this.root.dataset.unsettled });
    this.root.append(this.note);
    this.status.textContent = this.root.dataset.unsettled;
  }

  open() {
    this.list.hidden = false;
    this.list.classList.remove("above");
    const below = window.innerHeight - this.input.getBoundingClientRect().bottom;
    this.list.classList.toggle("above", this.list.offsetHeight > below - 72); // 72: the bar with the buttons
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  changed() {
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export const wireChoosers = (within) => {
  for (const root of within.querySelectorAll(".combobox:has(.typed)")) new Combobox(root);
};

wireChoosers(document);
