// Rows inside a record: add and remove. Without this there is one spare row, filled or left empty.

const emptied = (row) => [...row.querySelectorAll("input:not([type=hidden])")].every((each) => !each.value);

const bind = (root, row) => {
  const remove = row.querySelector("[data-remove]");
  remove.hidden = false;
  remove.addEventListener("click", () => {
    const near = row.previousElementSibling ?? row.nextElementSibling;
    row.remove();
    root.dispatchEvent(new Event("change", { bubbles: true }));
    (near?.querySelector("input:not([type=hidden]), select") ?? root.querySelector("[data-add]")).focus();
  });
};

const wirePart = (root) => {
  const here = root.querySelector("[data-rows-here]");
  const add = root.querySelector("[data-add]");
  const pattern = root.querySelector("template").innerHTML;
  let next = here.children.length;

  for (const row of [...here.children]) {
    // The spare row is for those without the script; with it, an empty record shows none but one ready to type in.
    if (row.classList.contains("spare") && here.children.length > 1 && emptied(row)) row.remove();
    else bind(root, row);
  }
  root.classList.add("ready");

  add.hidden = false;
  add.addEventListener("click", () => {
    here.insertAdjacentHTML("beforeend", pattern.replaceAll("__index__", String(next++)));
    const row = here.lastElementChild;
    bind(root, row);
    row.querySelector("input:not([type=hidden]), select").focus();
  });
};

export const wireParts = (within) => {
  for (const root of within.querySelectorAll("[data-parts]")) wirePart(root);
};

wireParts(document);
