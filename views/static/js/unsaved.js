// Leaving a form with changes asks first; the bar says so all the while. A save is sent once.

const form = document.querySelector("form[data-record]");

if (form) {
  const sign = form.querySelector("[data-unsaved]");
  let changed = false;
  let sent = false;

  const mark = () => {
    changed = true;
    if (sign) sign.textContent = sign.dataset.words;
  };
  // A form that came back with errors holds what is not yet saved.
  if (form.hasAttribute("data-changed")) mark();

  form.addEventListener("input", mark);
  form.addEventListener("change", mark);

  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault();
  });
}
