// Road by road, section by section: a line from its first stake mark to its last, and every station where it stands.
// A province is drawn when it comes into sight.
const STRIP = { height: 62, road: 30, margin: 20, narrow: 11 };
let watcher = null;
let seenLast = null;

function showRoads(found) {
  const shown = state.p ? provinces.filter((p) => p.name === state.p) : stationCount <= FEW ? provinces : [];
  const place = byId("roads");
  watcher?.disconnect();
  seenLast = found;
  if (!shown.length) {
    place.replaceChildren(html("p", { class: "quiet" }, "Choose a province to see its roads and stations."));
    return;
  }
  watcher = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => draw(one.target, found)), { rootMargin: "800px" });
  place.replaceChildren(...shown.map(emptyProvince));
  for (const element of place.children) watcher.observe(element);
}

function emptyProvince(p) {
  const head = html("header", {}, html("h3", {}, p.name), html("span", { class: "quiet" }, `${plural(p.groups.length, "section")}, ${plural(p.size, "station")}, Kubernetes ${p.kubernetes}, KubeEdge ${p.kubeedge}, ${p.engine}`));
  const element = html("section", { class: "province", "aria-label": `Roads of ${p.name}`, style: `min-height: ${p.groups.length * 80}px` }, head);
  element.province = p;
  return element;
}

function draw(element, found) {
  watcher.unobserve(element);
  const p = element.province;
  if (element.drawn) return;
  element.drawn = true;
  element.style.minHeight = "";
  for (const [code, groups] of roadsOf(p)) element.append(road(p, code, groups, found.get(p)));
}

// Bring a station's section into sight, drawn or not.
function bring(p, i) {
  const element = [...byId("roads").children].find((one) => one.province === p);
  if (!element) return;
  draw(element, seenLast);
  element.querySelector(`[data-group="${CSS.escape(p.group(i).name)}"]`)?.scrollIntoView({ block: "center" });
}

function road(p, code, groups, found) {
  const shared = sharedTitle(groups);
  const head = html("h4", {}, html("span", { class: `shield${code.startsWith("G") ? "" : " local"}` }, code), shared);
  return html("div", { class: "road" }, head, ...groups.map((group) => stretch(p, group, shared, found)));
}

// "Beijing–Hong Kong–Macau Expressway, Changsha–Xiangtan" and its neighbours are one road with two sections.
function sharedTitle(groups) {
  const heads = new Set(groups.map((group) => group.title.split(",")[0]));
  return heads.size === 1 ? [...heads][0] : "";
}

function stretch(p, group, shared, found) {
  const [from, to] = extent(p, group);
  const title = group.title.slice(shared.length).replace(/^,\s*/, "") || group.name;
  const what = html("div", { class: "what" }, html("b", { title: group.name }, title), html("span", {}, `${Math.round(to - from)} km, ${plural(group.size, "station")}`));
  const holder = html("div", { class: "strip" });
  const element = html("div", { class: "stretch", "data-group": group.name }, what, holder);
  requestAnimationFrame(() => holder.replaceChildren(strip(p, group, found, holder.clientWidth || 600)));
  return element;
}

function strip(p, group, found, room) {
  const width = Math.max(room, group.size * STRIP.narrow + 2 * STRIP.margin);
  const [from, to] = extent(p, group);
  const x = (km) => STRIP.margin + ((km - from) / (to - from || 1)) * (width - 2 * STRIP.margin);
  const drawing = svg("svg", { width, height: STRIP.height, viewBox: `0 0 ${width} ${STRIP.height}`, role: "listbox", tabindex: 0, "aria-label": `Stations of ${group.name}; arrow keys go from one to the next` });
  drawing.append(svg("line", { class: "asphalt", x1: x(from), x2: x(to), y1: STRIP.road, y2: STRIP.road }), svg("line", { class: "centre", x1: x(from), x2: x(to), y1: STRIP.road, y2: STRIP.road }));
  drawing.append(...stakes(from, to, x));
  const order = [];
  for (let i = group.first; i < group.first + group.size; i++) order.push(i);
  order.sort((a, b) => (p.column("km", a) ?? Infinity) - (p.column("km", b) ?? Infinity));
  drawing.append(...names(p, order, x, width, found));
  const small = width / Math.max(group.size, 1) < 26;
  drawing.append(...order.map((i) => point(p, i, x, small, found[i])));
  byKeys(drawing, p, order);
  return drawing;
}

function stakes(from, to, x) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((km) => (x(from + km) - x(from)) >= 52) ?? 1000;
  const drawn = [];
  for (let km = Math.ceil(from / step) * step; km <= to; km += step) {
    drawn.push(svg("line", { class: "tick", x1: x(km), x2: x(km), y1: STRIP.road + 9, y2: STRIP.road + 13 }));
    drawn.push(svg("text", { class: "stake", x: x(km), y: STRIP.height - 6, "text-anchor": "middle" }, `K${km}`));
  }
  return drawn;
}

// Titles where there is room for them, from left to right.
function names(p, order, x, width, found) {
  let free = 0;
  const drawn = [];
  for (const i of order) {
    const title = p.column("title", i);
    const km = p.column("km", i);
    if (!title || km === null || !found[i]) continue;
    const half = title.length * 3.3 + 4;
    const at = Math.min(Math.max(x(km), half), width - half);
    if (at - half < free) continue;
    free = at + half;
    drawn.push(svg("text", { class: "title", x: at, y: 12, "text-anchor": "middle" }, title));
  }
  return drawn;
}

function point(p, i, x, small, found) {
  const mode = modeNow();
  const [label, name] = mode.categories[mode.of(p, i)] ?? ["", "w3"];
  const km = p.column("km", i) ?? extent(p, p.group(i))[1];
  const shape = shapeOf(p.type(i));
  const r = (shape === "circle" ? 6.5 : 5) - (small ? 1.2 : 0);
  const says = `${p.stations.name[i]}${p.column("title", i) ? `, ${p.column("title", i)}` : ""}, ${p.type(i)} ${stakeOf(p.column("km", i))}: ${label}`;
  const chosen = state.s === `${p.name}/${p.stations.name[i]}`;
  const element = svg("g", { class: `point${found ? "" : " faded"}${chosen ? " chosen" : ""}`, role: "option", id: `at-${p.name}-${p.stations.name[i]}`, "aria-selected": String(chosen), "aria-label": says }, svg("title", {}, says), drawShape(shape, x(km), STRIP.road, r, { class: `shape ${name}` }), svg("circle", { class: "hit", cx: x(km), cy: STRIP.road, r: small ? 7 : 12 }));
  element.addEventListener("click", () => choose(p, i, false));
  return element;
}

function byKeys(drawing, p, order) {
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = order.findIndex((i) => state.s === `${p.name}/${p.stations.name[i]}`);
    const next = at < 0 ? (step < 0 && Number.isFinite(step) ? order.length - 1 : step === Infinity ? order.length - 1 : 0) : Math.min(Math.max(at + step, 0), order.length - 1);
    choose(p, order[next], false);
    drawing.setAttribute("aria-activedescendant", `at-${p.name}-${p.stations.name[order[next]]}`);
  });
}
