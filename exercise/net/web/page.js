"use strict";
// The page of the web door: a form for the ticket, then a terminal (xterm.js) or a log of lines, over one websocket.

// xterm.js writes style elements and style attributes as text, which the page's content policy forbids for good reasons. The same rules are
// set here through the objects of the style sheets, which it allows.
{
  const make = Document.prototype.createElement;
  Document.prototype.createElement = function (name, ...rest) {
    if (String(name).toLowerCase() !== "style") return make.call(this, name, ...rest);
    const stand = make.call(this, "template");
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    let text = "";
    Object.defineProperty(stand, "textContent", { get: () => text, set(rules) { text = rules; sheet.replaceSync(rules); } });
    return stand;
  };
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else set.call(this, name, value);
  };
}

const PASTE = 32 * 1024; // bytes in one message; the door takes twice as many
const TRIES = 40;
const CODE = "situation-room-code"; // kept for this tab, until it is closed
const LINES = "situation-room-lines";
const part = (id) => document.getElementById(id);
const bytes = new TextEncoder();

let wire = null;
let terminal = null;
let fit = null;
let plain = false;
let shown = ""; // the secret that was shown last
let tries = 0; // to come back by ourselves after a lost connection
let waiting = null;

function takeTicket() {
  let behind = location.hash.slice(1);
  if (location.hash) history.replaceState(null, "", location.pathname);
  try { behind = decodeURIComponent(behind); } catch { /* a stray % */ }
  return behind.trim();
}

function show(id) {
  for (const each of ["entry", "terminal", "talk"]) part(each).hidden = each !== id;
}

function tell(document_) {
  if (wire && wire.readyState === WebSocket.OPEN) wire.send(JSON.stringify(document_));
}

function type(data) {
  if (!wire || wire.readyState !== WebSocket.OPEN) return;
  for (let at = 0; at < data.length; at += PASTE) wire.send(data.subarray(at, at + PASTE));
}

function openTerminal() {
  if (!terminal) {
    terminal = new Terminal({
      allowProposedApi: false, cursorBlink: false, cursorInactiveStyle: "none", fontFamily: "monospace", fontSize: 15, macOptionIsMeta: true,
      scrollback: 0, theme: { background: "#101418", foreground: "#e6e9ec" },
    });
    fit = new FitAddon.FitAddon();
    terminal.loadAddon(fit);
    terminal.open(part("terminal"));
    terminal.onData((data) => type(bytes.encode(data)));
    terminal.onBinary((data) => type(Uint8Array.from(data, (each) => each.charCodeAt(0))));
    terminal.onResize(({ cols, rows }) => tell({ resize: [cols, rows] }));
    new ResizeObserver(() => { if (!part("terminal").hidden) fit.fit(); }).observe(part("terminal"));
  }
  terminal.reset();
  fit.fit();
}

function say(text) {
  const log = part("log");
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const row = document.createElement("p");
    row.textContent = line;
    log.append(row);
  }
  while (log.childElementCount > 2000) log.firstElementChild.remove();
  log.scrollTop = log.scrollHeight;
}

function hear(message) {
  if (message instanceof ArrayBuffer) {
    terminal.write(new Uint8Array(message));
    return;
  }
  const told = JSON.parse(message);
  if (told.refused !== undefined) refused(told.refused);
  if (told.joined) joined(told.code);
  if (told.say !== undefined) say(told.say);
  if (told.bye !== undefined) parted(told.bye);
}

function joined(code) {
  tries = 0;
  part("parted").hidden = true;
  if (code) sessionStorage.setItem(CODE, code);
  sessionStorage.setItem(LINES, plain ? "yes" : "");
  part("secret").value = "";
  if (plain) part("line").focus();
  else terminal.focus();
}

// A connection that was lost is made again, for some minutes; then the page asks.
function lost() {
  const code = sessionStorage.getItem(CODE);
  wire = null;
  if (!code || tries >= TRIES) {
    offer("The connection is gone. Your seat is kept.");
    return;
  }
  offer("The connection is lost. Trying to come back …");
  tries += 1;
  waiting = setTimeout(() => join(code, plain), Math.min(5000, 300 * 1.5 ** tries));
}

function refused(why) {
  if (shown === sessionStorage.getItem(CODE)) sessionStorage.removeItem(CODE);
  const gone = wire;
  wire = null;
  gone.close();
  show("entry");
  part("trouble").textContent = why;
  part("secret").focus();
}

function parted(words) {
  if (!wire) return;
  const gone = wire;
  wire = null;
  gone.close();
  offer(words);
}

function offer(words) {
  part("parting").textContent = words;
  part("parted").hidden = false;
  part("again").hidden = !sessionStorage.getItem(CODE);
  (part("again").hidden ? part("other") : part("again")).focus();
}

function join(secret, inLines) {
  clearTimeout(waiting);
  plain = inLines;
  shown = secret;
  part("trouble").textContent = "";
  if (!tries) part("parted").hidden = true;
  show(plain ? "talk" : "terminal");
  if (!plain) openTerminal();
  const size = plain ? { columns: 100, lines: 40 } : { columns: terminal.cols, lines: terminal.rows };
  const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/wire`);
  wire = mine;
  mine.binaryType = "arraybuffer";
  mine.onopen = () => tell({ hello: 1, secret, plain, ...size });
  mine.onmessage = (event) => { if (wire === mine) hear(event.data); };
  mine.onclose = () => { if (wire === mine) lost(); };
}

part("entry").addEventListener("submit", (event) => { event.preventDefault(); join(part("secret").value.trim(), false); });
part("lines").addEventListener("click", () => join(part("secret").value.trim(), true));
part("saying").addEventListener("submit", (event) => {
  event.preventDefault();
  const line = part("line").value;
  part("line").value = "";
  say(`> ${line}`);
  tell({ line });
});
part("again").addEventListener("click", () => { tries = 0; join(sessionStorage.getItem(CODE) || "", plain); });
part("other").addEventListener("click", () => {
  clearTimeout(waiting);
  tries = 0;
  sessionStorage.removeItem(CODE);
  part("parted").hidden = true;
  show("entry");
  part("secret").focus();
});
part("secret").value = takeTicket();
plain = sessionStorage.getItem(LINES) === "yes";
if (part("secret").value) part("screens").focus();
else if (sessionStorage.getItem(CODE)) offer("You have a seat here.");
else part("secret").focus();
