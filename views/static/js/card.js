// The form as the paper card: focus where typing begins, what is folded stays as its person left it, the card of the chosen
// type, and Ctrl+Enter.

import { begin } from "./fields.js";

const person = document.body.dataset.person ?? "";

const rememberFold = (form) => {
  const more = form.querySelector("[data-more]");
  if (!more) return;
  const key = `more:${person}:${form.dataset.record}`;
  if (window.localStorage.getItem(key)) more.open = true;
  more.querySelector("summary").addEventListener("click", () => {
    if (more.open) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, "1");
  });
};

// Another type may have another card: its fields come out of the fold, in its order, and the others go back to their sections.
const followTerm = (form) => {
  if (!form.dataset.cards) return;
  const cards = JSON.parse(form.dataset.cards);
  const place = form.querySelector("[data-card]");
  const homes = new Map([...form.querySelectorAll("[data-field]")].map((each) => [each, each.parentElement]));
  const rest = form.querySelector("[data-more] .fields");
  form.addEventListener("change", (event) => {
    if (event.target.name !== form.dataset.cardsBy) return;
    const names = cards[event.target.value] ?? cards[""];
    for (const [field, home] of homes) {
      if (!names.includes(field.dataset.field) && field.parentElement === place) (home === place ? rest : home)?.append(field);
    }
    const focused = document.activeElement;
    for (const name of names) {
      const field = form.querySelector(`[data-field="${name}"]`);
      if (field) place.append(field);
    }
    focused?.focus();
  });
};

export const wireCards = (within) => {
  for (const form of within.querySelectorAll("form[data-record]")) {
    // Pins are ticked with Alt+P or the mouse, so that Tab goes from value to value.
    for (const each of form.querySelectorAll("[data-pin], [data-agreed]")) each.tabIndex = -1;
    rememberFold(form);
    followTerm(form);
  }
};

wireCards(document);

const form = document.querySelector("main form[data-record]");
if (form && !form.dataset.id && !form.hasAttribute("data-changed")) begin(form);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.keyCode === 229) return;
  const button = document.querySelector("dialog[open] [data-go]") ?? document.querySelector("main [data-go]");
  if (!button) return;
  event.preventDefault();
  // What stands in a box is settled as it is when the box is left.
  document.activeElement?.blur?.();
  button.form.requestSubmit(button);
});
