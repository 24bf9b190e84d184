// What is said of a field while one types: an era's years, sizes, a proposed reading, the address of a postcode, records
// that may be the same. All of it is a hint: what a person typed is never replaced by it, and a proposal only by another.

import { ask } from "./fields.js";

const PAUSE = 350;
const fieldOf = (control) => control.closest("[data-field]");

class Aids {
  constructor(form) {
    this.form = form;
    this.timers = new Map();
    this.asking = new Map();
    this.divided = new Map(); // a name that was divided once is not divided again where its person joined it
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("compositionend", (event) => this.typed(event));
    form.addEventListener("change", (event) => this.settled(event));
    form.addEventListener("keydown", (event) => this.key(event));
    for (const each of form.querySelectorAll("[data-proposed]")) {
      const box = this.control(fieldOf(each).dataset.field);
      if (each.value && box) box.dataset.proposal = each.value;
    }
  }

  control(name) {
    return this.form.querySelector(`[data-field="${name}"] :is([name="${name}"]:not([type=hidden]), [name="${name}.text"])`);
  }

  typed(event) {
    const control = event.target;
    if (event.isComposing && event.type !== "compositionend") return;
    if (control.dataset.proposal !== undefined && control.value !== control.dataset.proposal) this.own(control);
    if (control.matches("[data-aid]")) this.soon(control, () => this.aid(control, false));
    if (this.tellsNear(control)) this.soon("near", () => this.near());
  }

  settled(event) {
    const control = event.target;
    if (control.matches("[data-aid]") && (event.isTrusted || event.detail === "settled")) this.soon(control, () => this.aid(control, true), 0);
    if (this.tellsNear(control)) this.soon("near", () => this.near(), 0);
  }

  soon(what, then, pause = PAUSE) {
    clearTimeout(this.timers.get(what));
    this.timers.set(what, setTimeout(then, pause));
  }

  async question(what, address, asked) {
    this.asking.get(what)?.abort();
    const control = new AbortController();
    this.asking.set(what, control);
    try {
      return await ask(address, this.form, asked, control.signal);
    } catch {
      return null; // a hint that does not come is none
    }
  }

  async aid(control, left) {
    const field = fieldOf(control);
    const place = field.querySelector("[data-understood]");
    const text = control.value.trim();
    if (!text) {
      place.textContent = "";
      place.classList.remove("wrong");
      return;
    }
    const found = await this.question(control, this.form.dataset.aid, { field: field.dataset.field, text });
    if (!found || control.value.trim() !== text) return;
    const own = field.dataset.field in found.fills;
    const filled = Object.entries(found.fills).filter(([name, value]) => this.fill(name, value, control, left, own));
    place.textContent = own && !filled.length ? "" : found.said;
    place.classList.toggle("wrong", found.wrong);
  }

  // A part of a name is filled in when its box is left, everything else while one types.
  fill(name, value, from, left, own) {
    const control = this.control(name);
    if (!control || control.value === value) return false;
    const divides = own && !fieldOf(control).querySelector("[data-proposed]");
    if (divides && (!left || this.divided.get(from) === from.value)) return false;
    if (control !== from && control.value !== "" && control.value !== control.dataset.proposal) return false;
    if (control === from) this.divided.set(from, value.replaceAll(" ", ""));
    control.value = value;
    control.dataset.proposal = value;
    this.mark(control, value);
    control.dispatchEvent(new Event("change", { bubbles: true }));
    if (control.matches("[data-aid]") && own) this.soon(control, () => this.aid(control, false), 0);
    return true;
  }

  mark(control, value) {
    const field = fieldOf(control);
    const proposed = field.querySelector("[data-proposed]");
    if (!proposed) return;
    proposed.value = value;
    field.querySelector("[data-auto]").hidden = !value;
    field.querySelector("[data-agreed]").checked = false;
  }

  // A person typed into what was proposed: it is theirs from now on.
  own(control) {
    delete control.dataset.proposal;
    this.mark(control, "");
  }

  key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const tick = { KeyP: "[data-pin]", KeyY: "[data-agreed]" }[event.code];
    const box = tick && fieldOf(event.target)?.querySelector(tick);
    if (!box?.closest("label").checkVisibility()) return;
    event.preventDefault();
    box.click();
  }

  tellsNear(control) {
    return "near" in this.form.dataset && this.form.dataset.nearBy.split(" ").includes(fieldOf(control)?.dataset.field);
  }

  async near() {
    const list = this.form.querySelector("[data-near-list]");
    const asked = { id: this.form.dataset.id };
    for (const name of this.form.dataset.nearBy.split(" ")) {
      const control = this.control(name);
      if (control) asked[name] = control.value;
    }
    const found = (await this.question("near", this.form.dataset.near, asked)) ?? [];
    const told = this.form.querySelector("[data-near-told]");
    if (told) told.value = found.map((each) => each.id).join(",");
    list.replaceChildren(...(found.length ? [this.heading(list), ...found.map((each) => this.line(each, list))] : []));
  }

  heading(list) {
    return Object.assign(document.createElement("strong"), { textContent: list.dataset.words });
  }

  line(each, list) {
    const line = document.createElement("span");
    const link = Object.assign(document.createElement("a"), { href: each.url, target: "_blank", rel: "noopener", textContent: each.label });
    line.append(link, ` ${each.said} `);
    if (list.dataset.use) {
      const use = Object.assign(document.createElement("button"), { type: "button", className: "button slim", textContent: list.dataset.use });
      use.addEventListener("click", () => this.form.dispatchEvent(new CustomEvent("use", { detail: each })));
      line.append(use);
    }
    return line;
  }
}

export const wireAids = (within) => {
  for (const form of within.querySelectorAll("form[data-record]")) {
    if ("aid" in form.dataset || "near" in form.dataset) new Aids(form);
  }
};

wireAids(document);
