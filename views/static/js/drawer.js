// A record to refer to is made beside the form that needs it: its own form in a dialog, sent without leaving the page.
// Closed without saving, it keeps what was typed until the page is left.

import { wireAids } from "./aids.js";
import { wireCards } from "./card.js";
import { wireChoosers } from "./combobox.js";
import { begin } from "./fields.js";
import { wireParts } from "./parts.js";
import { wireTerms } from "./terms.js";

const dialogs = new Map(); // address → dialog
const takers = new WeakMap(); // dialog → what takes its record

const wire = (dialog) => {
  for (const each of [wireChoosers, wireTerms, wireParts, wireAids, wireCards]) each(dialog);
  const form = dialog.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(dialog, form);
  });
  form.addEventListener("use", (event) => done(dialog, event.detail));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  return form;
};

const done = (dialog, made) => {
  dialogs.delete(dialog.dataset.address);
  dialog.close();
  dialog.remove();
  takers.get(dialog)(made);
};

const fill = (dialog, html) => {
  // Our own server's form; what is parsed apart from the page runs nothing.
  const page = new DOMParser().parseFromString(html, "text/html");
  dialog.querySelector(".drawer-body").replaceChildren(...page.body.childNodes);
  return wire(dialog);
};

const send = async (dialog, form) => {
  if (dialog.sent) return;
  dialog.sent = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (answer.ok && answer.headers.get("content-type")?.startsWith("application/json")) done(dialog, await answer.json());
    else if (answer.status === 400) fill(dialog, await answer.text()).querySelector("[data-summary]")?.focus();
    else dialog.querySelector("[data-refused]").hidden = false;
  } catch {
    dialog.querySelector("[data-refused]").hidden = false;
  } finally {
    dialog.sent = false;
  }
};

const made = async (address) => {
  const dialog = document.createElement("dialog");
  dialog.className = "drawer";
  dialog.dataset.address = address;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const pattern = document.querySelector("template[data-drawer]");
  dialog.append(pattern.content.cloneNode(true));
  document.body.append(dialog);
  const form = fill(dialog, await answer.text());
  dialog.querySelector("h2").textContent = form.dataset.heading;
  dialog.setAttribute("aria-label", form.dataset.heading);
  dialogs.set(address, dialog);
  return dialog;
};

export const openDrawer = async (address, words, then) => {
  let dialog = dialogs.get(address);
  try {
    dialog ??= await made(address);
  } catch {
    window.location.assign(address.replace(/[?&]_drawer=1/, ""));
    return;
  }
  takers.set(dialog, then);
  dialog.showModal();
  const form = dialog.querySelector("form");
  const named = form.querySelector(`[name="${form.dataset.named}"]`);
  // Opened again for the same words, it is as it was left.
  if (named && words && dialog.dataset.words !== words) {
    dialog.dataset.words = words;
    named.value = words;
    named.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "settled" }));
  }
  begin(form, { empty: true });
};
