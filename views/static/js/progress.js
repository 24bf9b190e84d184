// How far an import is: asked every second while it works; the page is opened anew when it has come further.
const part = document.querySelector("[data-progress]");

async function ask() {
  try {
    const answer = await fetch(part.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return setTimeout(ask, 5000);
    const told = await answer.json();
    if (told.import !== part.dataset.state) return location.replace(told.url);
    const bar = part.querySelector("progress");
    if (told.total) {
      bar.max = told.total;
      bar.value = told.rows;
      part.querySelector("[data-count]").hidden = false;
      part.querySelector("[data-soon]")?.remove();
    }
    for (const name of ["rows", "total", "rate", "left"]) {
      part.querySelector(`[data-${name}]`).textContent = told[name].toLocaleString();
    }
  } catch {
    return setTimeout(ask, 5000);
  }
  setTimeout(ask, 1000);
}

if (part) setTimeout(ask, 700);
