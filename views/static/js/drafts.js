// What is typed into a record's form stays in this tab until it is saved: a session that ends loses nobody's work.
// It lies in the tab's own sessionStorage, encrypted with a key that only sessions of the same account receive, and goes
// with the tab, with signing out, and when somebody else signs in. Restoring asks the server to lay the form out anew, on
// the revision it was begun from. Without a secure context (https, or this machine) browsers encrypt nothing: nothing is kept.

const PREFIX = "draft:";
const SENT = "draft-sent";
const AWAKE_EVERY = 5 * 60 * 1000;
const who = document.body.dataset.person ?? "";
const form = document.querySelector("form[data-record]");
const offer = document.querySelector("[data-draft]");
const store = window.sessionStorage;
const subtle = window.crypto?.subtle;

const drafts = () => Object.keys(store).filter((each) => each.startsWith(PREFIX));
const read = (name) => {
  try { return JSON.parse(store.getItem(name)); } catch { return null; }
};
const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const base64 = (raw) => btoa(Array.from(new Uint8Array(raw), (each) => String.fromCharCode(each)).join(""));
const bound = (name, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) });

// Taken out of the page, and not to be read again by any script.
const takeKey = () => {
  const raw = bytes(offer.dataset.draftKey);
  delete offer.dataset.draftKey;
  return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
};
const encrypted = async (key, name, fields) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await subtle.encrypt(bound(name, iv), await key, new TextEncoder().encode(JSON.stringify(fields)));
  return { iv: base64(iv), data: base64(data) };
};
const decrypted = async (key, name, kept) =>
  JSON.parse(new TextDecoder().decode(await subtle.decrypt(bound(name, bytes(kept.iv)), await key, bytes(kept.data))));

// Whose they are: another person's are nobody's business.
if (who) for (const each of drafts()) if (read(each)?.who !== who) store.removeItem(each);

for (const out of document.querySelectorAll("form[action$='/logout']")) {
  out.addEventListener("submit", () => drafts().forEach((each) => { store.removeItem(each); }));
}

// What was sent on the page before this one was saved, unless this page says otherwise.
const sent = store.getItem(SENT);
store.removeItem(SENT);
const refused = !who || document.body.classList.contains("message-page") || document.querySelector("[data-changed], .versus");
if (sent && !refused) store.removeItem(sent);

const restore = (fields) => {
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action;
  again.enctype = "multipart/form-data";
  const token = form.elements.namedItem("csrf_token").value;
  for (const [name, value] of [...fields, ["_restore", "1"], ["csrf_token", token]]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    again.append(field);
  }
  again.hidden = true;
  document.body.append(again);
  again.submit();
};

if (form && who && offer) {
  const here = new URL(form.action, location.href);
  const name = PREFIX + here.pathname + here.search;
  const key = subtle ? takeKey() : null;
  let timer = 0;
  let turn = 0;
  let leaving = false;
  let awake = Date.now();

  const keep = async () => {
    clearTimeout(timer);
    if (!key) return;
    turn += 1;
    const mine = turn;
    const fields = [...new FormData(form)].filter(([field, value]) => typeof value === "string" && field !== "csrf_token");
    const kept = { who, at: Date.now(), ...(await encrypted(key, name, fields)) };
    if (mine !== turn || leaving) return;
    try { store.setItem(name, JSON.stringify(kept)); } catch { return; } // full: then it is not kept
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
  const propose = (kept, fields) => {
    offer.querySelector("time").textContent = new Date(kept.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    offer.hidden = false;
    offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
      store.removeItem(name);
      offer.hidden = true;
    });
    offer.querySelector("[data-draft-restore]").addEventListener("click", () => restore(fields));
  };

  const kept = read(name);
  if (kept && key && !form.hasAttribute("data-changed")) {
    decrypted(key, name, kept).then((fields) => propose(kept, fields), () => store.removeItem(name));
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    keep();
    store.setItem(SENT, name);
  });
  for (const each of document.querySelectorAll("[data-leave]")) each.addEventListener("click", () => { leaving = true; });
  window.addEventListener("pagehide", () => {
    if (!leaving) return;
    clearTimeout(timer);
    store.removeItem(name);
  });
}
