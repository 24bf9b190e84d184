// Menus that fold out: one at a time, closed by Esc or by a click elsewhere.

const open = () => document.querySelectorAll("details.drop[open], details.reveal[open]");

document.addEventListener("click", (event) => {
  for (const drop of open()) if (!drop.contains(event.target)) drop.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  for (const drop of open()) {
    drop.open = false;
    drop.querySelector("summary").focus();
  }
});
