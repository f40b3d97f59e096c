// Light, dark, or as the system has it. Runs before anything is drawn; the choice is kept where the browser lets a file
// keep anything.
const theme = {
  choose(name) {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    try { localStorage.setItem("milepost-theme", name); } catch { /* a private window, or a file that may keep nothing */ }
  },
};
try {
  const kept = localStorage.getItem("milepost-theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch { /* as above */ }
