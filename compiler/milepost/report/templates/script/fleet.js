// The fleet as it was compiled: what all provinces share, and each province as columns (see milepost/report/station_columns.py).
const fleet = JSON.parse(byId("fleet").textContent);

class Province {
  constructor(data) {
    Object.assign(this, data);
    this.size = this.stations.name.length;
    this.groupOf = new Uint16Array(this.size);
    let first = 0;
    this.groups.forEach((group, index) => {
      group.first = first;
      this.groupOf.fill(index, first, first + group.size);
      first += group.size;
    });
    this.lines = new Map();
    this.level = new Uint8Array(this.size);
    for (const [line, runs] of this.changes) this.reach(line, runs);
  }
  // Remember which stations a line of the review reaches, and the worst that happens at each.
  reach(line, runs) {
    const reached = new Uint8Array(this.size);
    for (let run = 0; run < runs.length; run += 2) reached.fill(1, runs[run], runs[run] + runs[run + 1]);
    this.lines.set(line, reached);
    const level = fleet.changes[line][2];
    for (let i = 0; i < this.size; i++) if (reached[i] && this.level[i] < level) this.level[i] = level;
  }
  group(i) { return this.groups[this.groupOf[i]]; }
  column(name, i) { return this.stations[name][i]; }
  type(i) { return this.types[this.column("type", i)][0]; }
  access(i) { return this.accesses[this.column("access", i)] ?? ["", "", "", 0, 0, 0]; }
  mix(i) { return this.mixes[this.column("nodes", i)]; }
  runsAt(i) { return this.runs[this.column("runs", i)]; }
  find(name) { return this.stations.name.indexOf(name); }
  nodeName(node, i) { return node[0].startsWith("=") ? node[0].slice(1) : this.stations.name[i] + node[0]; }
  // The architectures of its nodes, as one word.
  architectures(i) {
    this.archs ??= this.mixes.map((mix) => [...new Set(mix.map((node) => this.profiles[node[1]][1]))].sort().join(" + ") || "no nodes");
    return this.archs[this.column("nodes", i)];
  }
}

const provinces = [...document.querySelectorAll("script[data-province]")].map((element) => new Province(JSON.parse(element.textContent)));
const stationCount = provinces.reduce((sum, province) => sum + province.size, 0);
// So many stations are drawn at once without a choice of province.
const FEW = 1500;

// Shapes by management level and name, so that they are the same in every report of a fleet.
const SHAPES = ["circle", "diamond", "square", "triangle", "bar"];
const typesOfFleet = [...new Map(provinces.flatMap((province) => province.types)).entries()]
  .sort((a, b) => fleet.levels.indexOf(a[1]) - fleet.levels.indexOf(b[1]) || (a[0] < b[0] ? 1 : -1))
  .map(([name]) => name);
const shapeOf = (type) => SHAPES[typesOfFleet.indexOf(type) % SHAPES.length];
function drawShape(shape, x, y, r, attributes = {}) {
  if (shape === "circle") return svg("circle", { cx: x, cy: y, r, ...attributes });
  if (shape === "square") return svg("rect", { x: x - r * 0.88, y: y - r * 0.88, width: r * 1.76, height: r * 1.76, rx: 1, ...attributes });
  if (shape === "bar") return svg("rect", { x: x - r * 0.5, y: y - r * 1.2, width: r, height: r * 2.4, rx: 1, ...attributes });
  const path = shape === "diamond" ? `M${x} ${y - r * 1.15}L${x + r * 1.15} ${y}L${x} ${y + r * 1.15}L${x - r * 1.15} ${y}z` : `M${x} ${y - r * 1.2}L${x + r * 1.1} ${y + r * 0.8}H${x - r * 1.1}z`;
  return svg("path", { d: path, ...attributes });
}
