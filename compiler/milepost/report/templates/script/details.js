// Everything that the page knows of one station.
function choose(p, i, go) {
  state.s = `${p.name}/${p.stations.name[i]}`;
  if (go && !state.p && stationCount > FEW) change({ p: p.name });
  writeAddress();
  mark();
  showDetails();
  if (go) bring(p, i);
}

function mark() {
  for (const old of document.querySelectorAll(".point.chosen")) {
    old.classList.remove("chosen");
    old.setAttribute("aria-selected", "false");
  }
  const now = byId(`at-${state.s.replace("/", "-")}`);
  now?.classList.add("chosen");
  now?.setAttribute("aria-selected", "true");
}

function chosen() {
  const [province, name] = state.s.split("/");
  const p = provinces.find((one) => one.name === province);
  return [p, p ? p.find(name) : -1];
}

function showDetails() {
  const [p, i] = chosen();
  const panel = byId("details");
  panel.hidden = i < 0;
  panel.parentElement.classList.toggle("open", i >= 0);
  if (i < 0) return;
  const close = html("button", { type: "button", class: "quiet", "aria-label": "Close" }, "×");
  close.addEventListener("click", () => { state.s = ""; writeAddress(); mark(); showDetails(); });
  panel.replaceChildren(html("header", {}, html("h3", {}, p.column("title", i) ?? p.stations.name[i]), close), facts(p, i), ...releasesAt(p, i), ...changesAt(p, i), ...nodesAt(p, i), ...runsThere(p, i));
}

function facts(p, i) {
  const group = p.group(i);
  const [access, line, medium, down, up, outage] = p.access(i);
  const parent = p.column("parent", i);
  const rows = [
    ["station", html("code", {}, p.stations.name[i])],
    ["type", p.type(i)],
    ["stake", [stakeOf(p.column("km", i)) || "none", ` of ${group.road}`]],
    ["section", html("code", {}, group.name)],
    ["province", p.name],
    parent >= 0 ? ["managed by", html("code", {}, p.stations.name[parent])] : null,
    access ? ["line", `${access}: ${line}, ${medium}, ${rate(down)} down, ${rate(up)} up, may be lost for ${duration(outage)}`] : null,
    group.owners.length ? ["owners", group.owners.join(", ")] : null,
  ];
  return html("dl", {}, ...rows.filter(Boolean).flatMap(([term, value]) => [html("dt", {}, term), html("dd", {}, ...[value].flat())]));
}

function listed(title, items) {
  return items.length ? [html("h4", {}, title), html("ul", {}, ...items.map((item) => html("li", {}, ...[item].flat())))] : [];
}
const quiet = (text) => html("span", { class: "quiet" }, text);

function releasesAt(p, i) {
  const found = fleet.releases.filter((release) => p.group(i).waves[release.name] !== undefined);
  return listed("Releases", found.map((release) => {
    const wave = p.group(i).waves[release.name];
    const how = wave < release.switched ? "switched" : wave < release.prepulled ? "pre-pulled" : "waiting";
    return [`${release.application} ${release.to}: ${how}`, quiet(`wave: ${release.waves[wave]}`)];
  }));
}

function changesAt(p, i) {
  const lines = [...p.lines].filter(([, reached]) => reached[i]).map(([line]) => line);
  return listed("Changes here", lines.map((line) => [html("a", { href: `#change-${line}` }, fleet.changes[line][0]), quiet(fleet.changes[line][1])]));
}

function nodesAt(p, i) {
  const nodes = p.mix(i);
  return listed(plural(nodes.length, "node"), nodes.map((node) => {
    const [profile, architecture] = p.profiles[node[1]];
    const own = node[3] >= 0 ? `, own line ${p.accesses[node[3]][0]}` : "";
    return [html("code", {}, p.nodeName(node, i)), quiet(`${profile}, ${architecture}, ${node[2] || "no role"}${own}`)];
  }));
}

function runsThere(p, i) {
  const runs = p.runsAt(i);
  return listed("What runs here", runs.map(([place, instances, fitting, architectures]) => {
    const [application, members, kind, , reason] = p.workloads[place];
    const version = p.group(i).versions[application];
    const tags = fleet.applications[application].versions[version] ?? {};
    const named = members.map((member) => `${member} ${tags[fleet.applications[application].images[member]] ?? ""}`).join(" + ");
    return [html("strong", {}, named), ` × ${instances}`, quiet(`${application} ${version}, ${kind}, ${plural(fitting, "node")} fit${fitting === 1 ? "s" : ""} (${architectures})`), quiet(reason)];
  }));
}
