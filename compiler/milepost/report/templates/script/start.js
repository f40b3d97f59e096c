// Puts the page in motion: controls, address, colours.
function change(fields) {
  Object.assign(state, fields);
  writeAddress();
  show();
}

function show() {
  for (const [id, value] of [["q", state.q], ["p", state.p], ["type", state.type], ["access", state.access], ["by", modeNow().key], ["line", state.line]]) {
    if (byId(id) && byId(id).value !== value) byId(id).value = value;
  }
  const found = new Map(provinces.map((p) => [p, matching(p)]));
  byId("clear").hidden = !FIELDS.some((field) => field !== "by" && state[field]);
  showLegend(found);
  showHits(found);
  showCards(found);
  showRoads(found);
  showDetails();
}

function fill(id, choices) {
  byId(id)?.replaceChildren(...choices.map(([value, label]) => html("option", { value }, label)));
}

const shortened = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
fill("p", [["", "all"], ...provinces.map((p) => [p.name, p.name])]);
fill("by", MODES.map((mode) => [mode.key, mode.label]));
fill("type", [["", "all"], ...typesOfFleet.map((type) => [type, type])]);
fill("access", [["", "all"], ...[...new Set(provinces.flatMap((p) => p.accesses.map((a) => a[0])))].sort().map((name) => [name, name])]);
fill("line", [["", "any"], ...(fleet.changes ?? []).map((line, i) => [String(i), shortened(line[0])]).filter(([line]) => provinces.some((p) => p.lines.has(Number(line))))]);

for (const id of ["p", "by", "type", "access", "line"]) byId(id)?.addEventListener("change", (event) => change({ [id]: event.target.value, ...(id === "p" ? { s: "" } : {}) }));
let typing = 0;
byId("q").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => change({ q: event.target.value.trim() }), 120);
});
document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
byId("clear").addEventListener("click", () => change(Object.fromEntries(FIELDS.filter((field) => field !== "by").map((field) => [field, ""]))));
for (const button of document.querySelectorAll("[data-line]")) {
  button.addEventListener("click", () => {
    change({ line: button.dataset.line, by: "change" });
    byId("map").scrollIntoView();
  });
}

byId("theme").addEventListener("click", () => {
  const before = document.documentElement.dataset.theme ?? "auto";
  theme.choose({ auto: "light", light: "dark", dark: "auto" }[before]);
  sayTheme();
});
function sayTheme() {
  const says = { auto: "Colours: as the system has them", light: "Colours: light", dark: "Colours: dark" }[document.documentElement.dataset.theme ?? "auto"];
  byId("theme").setAttribute("aria-label", says);
  byId("theme").title = says;
}
sayTheme();

let wide = innerWidth;
addEventListener("resize", () => { if (innerWidth !== wide) { wide = innerWidth; show(); } });
addEventListener("hashchange", () => { if (location.hash.includes("=") || !location.hash) { readAddress(); show(); } });
readAddress();
show();
if (chosen()[1] >= 0) bring(...chosen());
document.documentElement.dataset.ready = "true";
