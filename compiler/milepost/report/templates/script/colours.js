// What the colour of a station says. A mode has categories ([label, class]) and gives each station the number of one.
const LEVELS = ["not reached", "goes on running", "restarts or moves", "stops or is made anew"];

function modes() {
  const found = [];
  if (fleet.changes) {
    found.push({ key: "change", label: "What changes", categories: LEVELS.map((label, i) => [label, `k${i}`]), of: (p, i) => p.level[i] });
  }
  for (const release of fleet.releases) found.push(releaseMode(release));
  for (const name of Object.keys(fleet.applications)) found.push(versionMode(name));
  found.push(accessMode(), plainMode("hardware", "Architecture", (p, i) => p.architectures(i)), plainMode("sync", "Sync engine", (p) => p.engine));
  return found;
}

function releaseMode(release) {
  const of = (p, i) => {
    const wave = p.group(i).waves[release.name];
    if (wave === undefined) return 3;
    return wave < release.switched ? 2 : wave < release.prepulled ? 1 : 0;
  };
  const categories = [["waiting", "w0"], ["pre-pulled", "w1"], ["switched", "w2"], ["in no wave", "w3"]];
  return { key: `release:${release.name}`, label: `Release ${release.application} ${release.to}`, categories, of };
}

function versionMode(name) {
  const labels = [...new Set(provinces.flatMap((p) => p.groups.map((group) => group.versions[name] ?? "")))].filter(Boolean).sort();
  const here = new Map();
  const runs = (p, i) => {
    const key = p.column("runs", i);
    if (!here.has(p)) here.set(p, p.runs.map((entries) => entries.some((entry) => p.workloads[entry[0]][0] === name)));
    return here.get(p)[key];
  };
  const of = (p, i) => (runs(p, i) ? labels.indexOf(p.group(i).versions[name]) : labels.length);
  const categories = [...labels.map((label, i) => [label, `c${i % 7}`]), ["not here", "w3"]];
  return { key: `version:${name}`, label: `Version of ${name}`, categories, of };
}

// Lines in order of speed, the slowest first.
function accessMode() {
  const profiles = [...new Map(provinces.flatMap((p) => p.accesses.map((a) => [a[0], a]))).values()].sort((a, b) => a[3] - b[3]);
  const names = profiles.map((profile) => profile[0]);
  const categories = profiles.map((a, i) => [`${a[0]} (${rate(a[3])} ${a[2]})`, `c${i % 8}`]);
  return { key: "access", label: "Line", categories, of: (p, i) => names.indexOf(p.access(i)[0]) };
}

function plainMode(key, label, value) {
  const values = new Set();
  for (const p of provinces) for (let i = 0; i < p.size; i++) values.add(value(p, i));
  const names = [...values].sort();
  return { key, label, categories: names.map((name, i) => [name, `c${i % 8}`]), of: (p, i) => names.indexOf(value(p, i)) };
}

const MODES = modes();
// A review opens on what it changes, everything else on the release that is under way.
const anyChange = provinces.some((p) => p.level.some(Boolean));
function usualMode() {
  if (anyChange) return MODES[0];
  const moving = fleet.releases.find((release) => release.prepulled > 0) ?? fleet.releases[0];
  return MODES.find((mode) => mode.key === (moving ? `release:${moving.name}` : "access"));
}
const modeNow = () => MODES.find((mode) => mode.key === state.by) ?? usualMode();
