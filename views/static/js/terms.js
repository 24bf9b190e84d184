// A choice is typed: a part of the word or its code, arrows, Enter or Tab. Without the script it is the browser's own menu.
// Words that no term matches are sent as they are, so that the server refuses them and they stay.

import { goOn } from "./fields.js";

const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

class Terms {
  constructor(select) {
    this.terms = [...select.options].filter((each) => each.value && !("unknown" in each.dataset))
      .map((each) => ({ code: each.value, label: each.textContent.trim() }));
    const chosen = select.selectedOptions[0];
    const unknown = chosen && "unknown" in chosen.dataset;
    this.box = document.createElement("div");
    this.box.className = "combobox terms";
    this.hidden = Object.assign(document.createElement("input"), { type: "hidden", name: select.name, value: select.value });
    this.input = Object.assign(document.createElement("input"), {
      type: "text", id: select.id, className: "chosen-term", autocomplete: "off", spellcheck: false,
      value: unknown ? select.value : this.word(select.value),
    });
    for (const { name, value } of [...select.attributes]) if (name.startsWith("aria-")) this.input.setAttribute(name, value);
    this.input.autocapitalize = "none";
    this.list = Object.assign(document.createElement("ul"), { className: "choices", id: `${select.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", select.labels?.[0]?.textContent.trim() ?? select.name);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) this.input.setAttribute(name, value);
    this.unmatched = select.dataset.unmatched ?? "";
    this.box.append(this.input, this.hidden, this.list);
    select.replaceWith(this.box);
    this.at = -1;
    this.typed = false;
    if (unknown) this.settle(false);
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.filter(); });
    this.input.addEventListener("compositionend", () => this.filter());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.settle(false));
    this.input.addEventListener("click", () => { if (this.list.hidden) this.show(this.terms); });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const line = event.target.closest("li");
      if (line) this.take(this.shown[[...this.list.children].indexOf(line)]);
    });
  }

  word(code) {
    return this.terms.find((each) => each.code === code)?.label ?? "";
  }

  matching(text) {
    const asked = folded(text);
    const begins = (each) => folded(each.label).startsWith(asked) || folded(each.code).startsWith(asked);
    const holds = (each) => folded(each.label).includes(asked);
    return [...this.terms.filter(begins), ...this.terms.filter((each) => !begins(each) && holds(each))];
  }

  filter() {
    this.typed = true;
    const text = this.input.value.trim();
    if (text) this.show(this.matching(text));
    else this.close();
  }

  show(found) {
    this.shown = found;
    this.list.replaceChildren(...found.map((each, index) => {
      const line = Object.assign(document.createElement("li"), { id: `${this.list.id}-${index}`, textContent: each.label });
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      return line;
    }));
    if (!found.length) {
      this.close();
      return;
    }
    this.list.hidden = false;
    this.list.classList.remove("above");
    const below = window.innerHeight - this.input.getBoundingClientRect().bottom;
    this.list.classList.toggle("above", this.list.offsetHeight > below - 72);
    this.input.setAttribute("aria-expanded", "true");
    const now = found.findIndex((each) => each.code === this.hidden.value);
    this.move(this.typed ? 0 : Math.max(now, 0));
  }

  move(to) {
    const all = [...this.list.children];
    this.at = (to + all.length) % all.length;
    all.forEach((each, index) => { each.setAttribute("aria-selected", String(index === this.at)); });
    all[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", all[this.at].id);
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) this.move(this.at + (event.key === "ArrowDown" ? 1 : -1));
      else this.show(this.typed && this.input.value.trim() ? this.matching(this.input.value) : this.terms);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      this.take(this.shown[this.at]);
      goOn(this.input);
    } else if (event.key === "Tab" && open) {
      this.take(this.shown[this.at]);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      this.close();
    }
  }

  take(term) {
    this.input.value = term.label;
    this.set(term.code);
    this.typed = false;
    this.close();
    this.settle(true);
  }

  set(value) {
    if (this.hidden.value === value) return;
    this.hidden.value = value;
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Leaving: the whole word of a term is that term, no words are none, and other words stay to be mended.
  settle(taken) {
    this.close();
    const text = this.input.value.trim();
    const exact = this.terms.find((each) => folded(each.label) === folded(text) || folded(each.code) === folded(text));
    this.note?.remove();
    this.input.removeAttribute("aria-invalid");
    if (taken) return;
    if (exact) this.input.value = exact.label;
    this.set(exact ? exact.code : text);
    this.typed = false;
    if (text && !exact) {
      this.input.setAttribute("aria-invalid", "true");
      this.note = Object.assign(document.createElement("p"), { className: "wrong-words", textContent: this.unmatched });
      this.box.append(this.note);
    }
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

export const wireTerms = (within) => {
  for (const select of within.querySelectorAll("form[data-record] .field > .control > select[data-unmatched]")) new Terms(select);
};

wireTerms(document);
