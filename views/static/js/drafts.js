// What is typed into a record's form stays in this tab until it is saved: a session that ends loses nobody's work.
// It lies in the tab's own sessionStorage, under its person's login id, and goes with the tab, with signing out, and
// when somebody else signs in. Restoring asks the server to lay the form out anew, on the revision it was begun from.

const PREFIX = "draft:";
const SENT = "draft-sent";
const AWAKE_EVERY = 5 * 60 * 1000;
const who = document.body.dataset.person ?? "";
const form = document.querySelector("form[data-record]");
const store = window.sessionStorage;

const drafts = () => Object.keys(store).filter((each) => each.startsWith(PREFIX));
const read = (key) => {
  try { return JSON.parse(store.getItem(key)); } catch { return null; }
};

// Whose they are: another person's are nobody's business.
if (who) for (const key of drafts()) if (read(key)?.who !== who) store.removeItem(key);

for (const out of document.querySelectorAll("form[action$='/logout']")) {
  out.addEventListener("submit", () => drafts().forEach((key) => { store.removeItem(key); }));
}

// What was sent on the page before this one was saved, unless this page says otherwise.
const sent = store.getItem(SENT);
store.removeItem(SENT);
const refused = !who || document.body.classList.contains("message-page") || document.querySelector("[data-changed], .versus");
if (sent && !refused) store.removeItem(sent);

const offer = document.querySelector("[data-draft]");
if (form && who && offer) {
  const here = new URL(form.action, location.href);
  const key = PREFIX + here.pathname + here.search;
  let timer = 0;
  let leaving = false;
  let awake = Date.now();

  const keep = () => {
    clearTimeout(timer);
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");
    try { store.setItem(key, JSON.stringify({ who, at: Date.now(), fields })); } catch { return; } // full: then it is not kept
    form.dataset.kept = "";
  };
  const typed = () => {
    leaving = false;
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
    if (Date.now() - awake > AWAKE_EVERY) {
      awake = Date.now();
      fetch("/account/sessions/awake", { redirect: "manual" }).catch(() => {});
    }
  };

  const kept = read(key);
  if (kept && !form.hasAttribute("data-changed")) {
    offer.querySelector("time").textContent = new Date(kept.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    offer.hidden = false;
    offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
      store.removeItem(key);
      offer.hidden = true;
    });
    offer.querySelector("[data-draft-restore]").addEventListener("click", () => {
      const again = document.createElement("form");
      again.method = "post";
      again.action = form.action;
      again.enctype = "multipart/form-data";
      const token = form.elements.namedItem("csrf_token").value;
      for (const [name, value] of [...kept.fields, ["_restore", "1"], ["csrf_token", token]]) {
        const field = document.createElement("textarea");
        field.name = name;
        field.value = value;
        again.append(field);
      }
      again.hidden = true;
      document.body.append(again);
      again.submit();
    });
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    keep();
    store.setItem(SENT, key);
  });
  for (const each of document.querySelectorAll("[data-leave]")) each.addEventListener("click", () => { leaving = true; });
  window.addEventListener("pagehide", () => {
    if (!leaving) return;
    clearTimeout(timer);
    store.removeItem(key);
  });
}
