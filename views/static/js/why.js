// The reason behind a masked value: beside it, on focus, on hover, on tap; Esc closes it.

const place = (button, box) => {
  const at = button.getBoundingClientRect();
  box.classList.add("placed");
  const size = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left), window.innerWidth - size.width - 8);
  const below = at.bottom + 6;
  const top = below + size.height > window.innerHeight - 8 ? at.top - size.height - 6 : below;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(8, top)}px`;
};

const of = (button) => document.getElementById(button.getAttribute("popovertarget"));

const show = (button) => {
  const box = of(button);
  if (!box?.showPopover) return;
  if (!box.matches(":popover-open")) box.showPopover();
  place(button, box);
};

const hide = (button) => {
  const box = of(button);
  if (box?.matches?.(":popover-open")) box.hidePopover();
};

const asked = (target) => target instanceof Element && target.closest("[data-why]");

document.addEventListener("mouseover", (event) => { const button = asked(event.target); if (button) show(button); });
document.addEventListener("mouseout", (event) => {
  const button = asked(event.target);
  if (button && document.activeElement !== button && !button.contains(event.relatedTarget)) hide(button);
});
document.addEventListener("focusin", (event) => { const button = asked(event.target); if (button) show(button); });
document.addEventListener("focusout", (event) => { const button = asked(event.target); if (button) hide(button); });

// A click would close what focus has just opened; it stays open, and the row beneath is not opened either.
document.addEventListener("click", (event) => {
  const button = asked(event.target);
  if (!button) return;
  event.preventDefault();
  show(button);
}, true);

document.addEventListener("scroll", () => {
  document.querySelectorAll(".why:popover-open").forEach((box) => { box.hidePopover(); });
}, { capture: true, passive: true });
