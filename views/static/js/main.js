// Everything works without these; each makes one thing quicker.
import "./keyboard.js";
import "./why.js";
import "./drops.js";
import "./rows.js";
import "./selection.js";
import "./columns.js";
import "./combobox.js";
import "./terms.js";
import "./aids.js";
import "./card.js";
import "./parts.js";
import "./unsaved.js";
import "./drafts.js";
import "./printing.js";
import "./progress.js";
