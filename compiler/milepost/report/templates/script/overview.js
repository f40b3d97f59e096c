// One card a province: its roads as thin lines, each section as long as it is on the road, coloured by its stations.
const CARD = { width: 200, row: 7, gap: 4 };

function roadsOf(p) {
  const roads = new Map();
  p.groups.forEach((group) => {
    if (!roads.has(group.road)) roads.set(group.road, []);
    roads.get(group.road).push(group);
  });
  for (const groups of roads.values()) groups.sort((a, b) => extent(p, a)[0] - extent(p, b)[0]);
  return new Map([...roads].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })));
}

// First and last kilometre of a section: as the road says, and never less than its stations.
function extent(p, group) {
  if (!group.extent) {
    const kms = [group.from, group.to];
    for (let i = group.first; i < group.first + group.size; i++) kms.push(p.column("km", i));
    const known = kms.filter((km) => km !== null);
    group.extent = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
  }
  return group.extent;
}

// Many provinces make way for the roads of the one that is chosen.
const MANY = 6;

function showCards(found) {
  const mode = modeNow();
  byId("cards").classList.toggle("compact", Boolean(state.p) && provinces.length > MANY);
  byId("cards").replaceChildren(...(provinces.length > 1 ? provinces.map((p) => html("li", {}, card(p, found.get(p), mode))) : []));
}

function card(p, found, mode) {
  const matches = count(found);
  const dimmed = narrowed() && !matches;
  const button = html(
    "button",
    { type: "button", class: `card${dimmed ? " none" : ""}`, "aria-pressed": String(state.p === p.name), "data-card": p.name },
    html("strong", {}, p.name, html("span", {}, narrowed() && (!state.p || state.p === p.name) ? `${number(matches)} of ${number(p.size)}` : [number(p.size), html("i", {}, p.size === 1 ? " station" : " stations")])),
    miniature(p, narrowed() ? found : null, mode),
  );
  button.addEventListener("click", () => change({ p: state.p === p.name ? "" : p.name, s: "" }));
  return button;
}

function miniature(p, found, mode) {
  const roads = [...roadsOf(p).values()];
  const height = roads.length * (CARD.row + CARD.gap) - CARD.gap;
  const longest = Math.max(...roads.map((groups) => groups.reduce((sum, group) => sum + length(p, group), 0)));
  const drawing = svg("svg", { viewBox: `0 0 ${CARD.width} ${height}`, "aria-hidden": "true" });
  roads.forEach((groups, row) => {
    let x = 0;
    for (const group of groups) {
      const width = (length(p, group) / longest) * CARD.width;
      drawing.append(...parts(p, group, found, mode, x, row * (CARD.row + CARD.gap), Math.max(width - 1.5, 1)));
      x += width;
    }
  });
  return drawing;
}

const length = (p, group) => Math.max(extent(p, group)[1] - extent(p, group)[0], 1);

// A section cut into its categories, most serious or first ones to the left.
function parts(p, group, found, mode, x, y, width) {
  const counts = new Array(mode.categories.length).fill(0);
  let rest = 0;
  for (let i = group.first; i < group.first + group.size; i++) {
    if (!found || found[i]) counts[mode.of(p, i)]++;
    else rest++;
  }
  const drawn = [];
  const add = (share, name) => {
    if (!share) return;
    const wide = (share / group.size) * width;
    drawn.push(svg("rect", { x: x.toFixed(1), y, width: wide.toFixed(1), height: CARD.row, class: name }));
    x += wide;
  };
  for (let i = counts.length - 1; i >= 0; i--) add(counts[i], mode.categories[i][1]);
  add(rest || (group.size ? 0 : 1), "w3");
  return drawn;
}

function showLegend(found) {
  const mode = modeNow();
  const counts = new Array(mode.categories.length).fill(0);
  for (const p of provinces) found.get(p).forEach((one, i) => { if (one) counts[mode.of(p, i)]++; });
  const keys = mode.categories.map(([label, name], i) => counts[i] ? html("li", {}, svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("rect", { width: 12, height: 12, rx: 3, class: name })), label, html("b", {}, number(counts[i]))) : null);
  const shapes = typesOfFleet.map((type, i) => html("li", { class: i === 0 ? "apart" : null }, svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, drawShape(shapeOf(type), 6, 6, 4.2, { class: "shape" })), type));
  byId("legend").replaceChildren(...[...keys, ...shapes].filter(Boolean));
}
