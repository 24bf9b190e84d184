// A list's rows: up and down move, Enter opens (the row's link has the focus), Space chooses, a click opens.

const table = document.querySelector("[data-rows]");

const links = () => [...table.querySelectorAll("tbody .open")];

// Only the current row's controls are in the tab order: fifty rows are one stop, not two hundred.
const makeCurrent = (row) => {
  for (const each of table.querySelectorAll("tbody a, tbody button, tbody input")) {
    each.tabIndex = each.closest("tr") === row ? 0 : -1;
  }
};

const go = (step) => {
  const all = links();
  const here = all.indexOf(document.activeElement.closest?.("tr")?.querySelector(".open"));
  const next = all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)];
  if (!next) return;
  makeCurrent(next.closest("tr"));
  next.focus();
  next.closest("tr").scrollIntoView({ block: "nearest" });
};

if (table && links().length) {
  makeCurrent(links()[0].closest("tr"));

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const inTable = table.contains(event.target);
    const idle = event.target === document.body || event.target.id === "main" || event.target.matches("[data-search]");
    if (!inTable && !idle) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (idle && event.key === "ArrowUp") return;
      event.preventDefault();
      go(event.key === "ArrowDown" ? 1 : -1);
    } else if (inTable && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      go(event.key === "Home" ? -1000 : 1000);
    } else if (event.key === " " && event.target.matches(".open")) {
      const box = event.target.closest("tr").querySelector("[name=rowid]");
      if (box) {
        event.preventDefault();
        box.click();
      }
    }
  });

  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody tr");
    if (row) makeCurrent(row);
  });

  table.querySelector("tbody").addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, label, summary, [popover]")) return;
    const row = event.target.closest("tr");
    if (event.target.closest(".pick")) {
      row.querySelector("[name=rowid]")?.click();
      return;
    }
    // Marking text to copy it is not opening.
    if (String(window.getSelection())) return;
    const link = row?.querySelector(".open");
    if (link && (event.ctrlKey || event.metaKey)) window.open(link.href);
    else link?.click();
  });
}
