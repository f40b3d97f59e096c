// What the reader chose. It stands in the address, so that a link shows what its sender saw:
// #p=hunan&q=redis&by=access&s=hunan/hn-g4-lijiatang. A fragment without "=" is a section of the page.
const FIELDS = ["p", "q", "by", "type", "access", "line", "s"];
const state = Object.fromEntries(FIELDS.map((field) => [field, ""]));
const byId = (id) => document.getElementById(id);

function readAddress() {
  const given = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  for (const field of FIELDS) state[field] = given.get(field) ?? "";
}

function writeAddress() {
  const given = new URLSearchParams(FIELDS.filter((field) => state[field]).map((field) => [field, state[field]]));
  const text = given.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

// Elements are made, never written as HTML: names from a spec are text and nothing else.
function made(document_, name, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) document_.setAttribute(key, value === true ? "" : value);
  }
  document_.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ""));
  return document_;
}
const html = (name, attributes = {}, ...children) => made(document.createElement(name), name, attributes, children);
const svg = (name, attributes = {}, ...children) =>
  made(document.createElementNS("http://www.w3.org/2000/svg", name), name, attributes, children);
const number = (value) => value.toLocaleString("en-US");
const plural = (count, thing) => `${number(count)} ${count === 1 ? thing : thing.endsWith("y") ? `${thing.slice(0, -1)}ies` : `${thing}s`}`;
const rate = (bits) => (bits >= 1e9 ? `${bits / 1e9} Gbit/s` : bits >= 1e5 ? `${bits / 1e6} Mbit/s` : `${bits / 1e3} kbit/s`);
const duration = (seconds) => (seconds >= 3600 ? `${Math.round(seconds / 360) / 10} h` : `${Math.ceil(seconds / 60)} min`);
const stakeOf = (km) => (km === null ? "" : `K${Math.floor(km)}+${String(Math.round((km % 1) * 1000)).padStart(3, "0")}`);
