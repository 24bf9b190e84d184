// Keys of the whole page: "/" to search, Ctrl+S to save, and no saving in the midst of Japanese input.

import { goOn } from "./fields.js";

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  // Enter that settles a conversion is not Enter; 229 is what older Safari says instead of isComposing.
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
    event.stopPropagation();
    if (event.target.matches("input")) event.preventDefault();
    return;
  }
  if (event.isComposing) return;

  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    const box = document.querySelector("[data-search]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }

  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    const save = document.querySelector("dialog[open] [data-save]") ?? document.querySelector("[data-save]");
    if (save) {
      event.preventDefault();
      save.form.requestSubmit(save);
    }
  }
}, true);

// In a record's form Enter in a one-line box goes on to the next field instead of saving: barcode readers end with Enter.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  const form = event.target.closest("form[data-record]");
  if (!form || !event.target.matches("input:not([type=submit], [type=checkbox], [type=radio], [type=file])")) return;
  event.preventDefault();
  goOn(event.target);
});

// Errors on top take the focus, so that they are read first.
document.querySelector("[data-summary]")?.focus();
