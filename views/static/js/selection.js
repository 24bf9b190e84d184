// Choosing rows: the bar of actions appears with the first; Shift chooses a run.

const bar = document.getElementById("batch");
const boxes = [...document.querySelectorAll("[name=rowid]")];
const all = document.querySelector("[data-choose-all]");

const tell = () => {
  const chosen = boxes.filter((each) => each.checked).length;
  bar.querySelector("[data-chosen]").textContent = chosen;
  bar.classList.toggle("open", chosen > 0);
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
};

const chooseAll = (on) => {
  for (const each of boxes) each.checked = on;
  tell();
};

if (bar && boxes.length) {
  const action = bar.querySelector("[name=action]");
  const showFields = () => {
    for (const each of bar.querySelectorAll("[data-action]")) each.disabled = each.dataset.action !== action.value;
  };
  action.addEventListener("change", showFields);
  showFields();

  let last = null;
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
      }
      last = box;
      tell();
    });
  }
  all?.addEventListener("change", () => chooseAll(all.checked));
  bar.querySelector("[data-choose-none]").addEventListener("click", () => chooseAll(false));
  // Coming back with the browser's button, ticks are restored after the page is.
  window.addEventListener("pageshow", tell);
  tell();
}
