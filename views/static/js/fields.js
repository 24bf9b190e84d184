// The controls of a form in the order in which Tab and Enter meet them, and the form's own token for questions to the server.

const CONTROLS = "input:not([type=hidden]), select, textarea, button";

const controls = (form) => [...form.querySelectorAll(CONTROLS)].filter(
  (each) => !each.disabled && each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }),
);

// The control behind this one takes the focus.
export const goOn = (from) => {
  const form = from.closest("form");
  const all = form ? controls(form) : [];
  all[all.indexOf(from) + 1]?.focus();
};

// Where one begins to type: the first empty control; a number that is given by itself comes last.
export const begin = (form, { empty = false } = {}) => {
  const all = controls(form).filter((each) => each.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
  const wanted = empty ? all.find((each) => !each.value && !each.closest("[data-field]")?.matches("[data-numbered]")) : all[0];
  (wanted ?? all[0])?.focus();
};

// A question of the form: POST, because what is typed may name a person.
export const ask = async (address, form, asked, signal) => {
  const token = form.querySelector("input[name=csrf_token]")?.value ?? "";
  const house = form.elements.namedItem("institution")?.value ?? form.dataset.house ?? "";
  const body = new URLSearchParams({ institution: house, ...asked, csrf_token: token });
  const answer = await fetch(address, {
    method: "POST", body, signal, headers: { Accept: "application/json" }, credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};
