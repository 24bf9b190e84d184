// Columns moved in place; without this each move is a page of its own.

for (const form of document.querySelectorAll("[data-columns]")) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=up], [name=down]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-column]");
    const up = button.name === "up";
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other?.matches("[data-column]")) return;
    if (up) other.before(row);
    else other.after(row);
    button.focus();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
