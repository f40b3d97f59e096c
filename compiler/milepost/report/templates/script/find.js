// Which stations match: every word must be found in the station, its nodes, its section, or what runs there.
const texts = new Map();

function textsOf(p) {
  if (!texts.has(p)) {
    const images = (application, component) => fleet.applications[application].images[component];
    texts.set(p, {
      groups: p.groups.map((g) => `${g.name} ${g.road} ${g.title} ${g.owners.join(" ")} ${p.name}`.toLowerCase()),
      mixes: p.mixes.map((mix) => mix.map((n) => `${n[0]} ${n[2]} ${p.profiles[n[1]].slice(0, 2).join(" ")}`).join(" ").toLowerCase()),
      runs: p.runs.map((run) => run.map((entry) => p.workloads[entry[0]]).map(([a, members, kind]) => `${a} ${kind} ${members.join(" ")} ${members.map((m) => images(a, m)).join(" ")}`).join(" ").toLowerCase()),
      accesses: p.accesses.map((a) => a.slice(0, 3).join(" ").toLowerCase()),
      types: p.types.map((t) => t[0].toLowerCase()),
    });
  }
  return texts.get(p);
}

// A word against everything that stations share is looked up once; only names are looked at one by one.
function wordTest(p, word) {
  const shared = textsOf(p);
  const hit = Object.fromEntries(Object.entries(shared).map(([key, list]) => [key, list.map((text) => text.includes(word))]));
  return (i) => {
    const name = p.stations.name[i];
    return (
      name.includes(word) || (p.column("title", i) ?? "").toLowerCase().includes(word) || stakeOf(p.column("km", i)).toLowerCase().includes(word) ||
      hit.groups[p.groupOf[i]] || hit.types[p.column("type", i)] || hit.accesses[p.column("access", i)] === true ||
      hit.mixes[p.column("nodes", i)] || hit.runs[p.column("runs", i)] ||
      (word.startsWith(name) && p.mix(i).some((node) => p.nodeName(node, i).includes(word))) ||
      p.mix(i).some((node) => node[0].startsWith("=") && node[0].includes(word))
    );
  };
}

function matching(p) {
  const found = new Uint8Array(p.size);
  if (state.p && state.p !== p.name) return found;
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean).map((word) => wordTest(p, word));
  const line = state.line === "" ? null : p.lines.get(Number(state.line)) ?? new Uint8Array(p.size);
  for (let i = 0; i < p.size; i++) {
    found[i] = (!state.type || p.type(i) === state.type) && (!state.access || p.access(i)[0] === state.access) && (!line || line[i]) && words.every((test) => test(i)) ? 1 : 0;
  }
  return found;
}

const narrowed = () => Boolean(state.q || state.type || state.access || state.line !== "");
const count = (found) => found.reduce((sum, one) => sum + one, 0);

function showHits(found) {
  const hits = [];
  let total = 0;
  for (const p of provinces) for (let i = 0; i < p.size; i++) if (found.get(p)[i] && ++total <= 40) hits.push([p, i]);
  const list = byId("hits");
  // A choice that leaves thousands is seen on the map; a list of the first of them would only stand in its way.
  list.hidden = !narrowed() || total === 0 || (!state.q && total > hits.length);
  list.replaceChildren(...hits.map(([p, i]) => html("li", {}, hitButton(p, i))));
  if (total > hits.length) list.append(html("li", { class: "more" }, `and ${number(total - hits.length)} more; they are the ones not faded on the map`));
  byId("matches").textContent = narrowed()
    ? total ? `${plural(total, "station")} of ${number(stationCount)} match${total === 1 ? "es" : ""}` : `No station matches; ${plural(stationCount, "station")} in all`
    : state.p ? `${plural(total, "station")} in ${state.p}` : `${plural(stationCount, "station")} in ${plural(provinces.length, "province")}`;
}

function hitButton(p, i) {
  const button = html("button", { type: "button" }, html("span", { class: "name" }, p.stations.name[i]), html("span", {}, p.column("title", i)), html("span", { class: "quiet" }, `${p.type(i)}, ${stakeOf(p.column("km", i))} ${p.group(i).road}, ${p.name}`));
  button.addEventListener("click", () => choose(p, i, true));
  return button;
}
