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
const FONTS = '"Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace'; // those first whose frames close
const NARROWEST = 40;
const WIDEST = 100; // letters in a line of the log
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
      allowProposedApi: false, cursorBlink: false, cursorInactiveStyle: "none", fontFamily: FONTS, fontSize: 15, macOptionIsMeta: true,
      scrollback: 0, theme: { background: "#101418", foreground: "#e6e9ec" },
    });
    fit = new FitAddon.FitAddon();
    terminal.loadAddon(fit);
    terminal.open(part("terminal"));
    terminal.attachCustomKeyEventHandler(isForTheSeat);
    terminal.onData((data) => type(bytes.encode(data)));
    terminal.onBinary((data) => type(Uint8Array.from(data, (each) => each.charCodeAt(0))));
    terminal.onResize(({ cols, rows }) => tell({ resize: [cols, rows] }));
    new ResizeObserver(() => { if (!part("terminal").hidden) fit.fit(); }).observe(part("terminal"));
  }
  fit.fit();
}

// Pasting, and copying what was marked, are the browser's: xterm.js would type these keys as codes.
function isForTheSeat(event) {
  if (event.type !== "keydown" || !event.ctrlKey || event.altKey || event.metaKey) return true;
  const letter = event.key.toLowerCase();
  if (letter === "v") return false;
  if (letter !== "c" || !terminal.hasSelection()) return true;
  event.preventDefault();
  document.execCommand("copy");
  terminal.clearSelection();
  return false;
}

// How many letters a line of the log holds, so that lines are broken once, by whoever writes them.
function lineLength() {
  const ruler = document.createElement("span");
  ruler.className = "ruler";
  ruler.textContent = "0".repeat(WIDEST);
  part("log").append(ruler);
  const letter = ruler.getBoundingClientRect().width / WIDEST;
  ruler.remove();
  const room = Math.floor((part("log").clientWidth - 1) / letter);
  return Math.max(NARROWEST, Math.min(WIDEST, room || WIDEST));
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
  if (plain) {
    part("line").focus();
    return;
  }
  terminal.reset(); // not before: what stood there can be read until the seat is there again
  terminal.focus();
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

// Nothing of a seat stays for whoever comes with another ticket.
function forget() {
  if (terminal) terminal.reset();
  part("log").replaceChildren();
}

function refused(why) {
  if (shown === sessionStorage.getItem(CODE)) sessionStorage.removeItem(CODE);
  const gone = wire;
  wire = null;
  gone.close();
  forget();
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
  const size = plain ? { columns: lineLength(), lines: 40 } : { columns: terminal.cols, lines: terminal.rows };
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
  const gone = wire;
  wire = null;
  if (gone) gone.close();
  sessionStorage.removeItem(CODE);
  forget();
  part("parted").hidden = true;
  show("entry");
  part("secret").focus();
});
part("secret").value = takeTicket();
plain = sessionStorage.getItem(LINES) === "yes";
if (part("secret").value) part("screens").focus();
else if (sessionStorage.getItem(CODE)) offer("You have a seat here.");
else part("secret").focus();
