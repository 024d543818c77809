"""The style and the script of the flame graph's page. The script shows texts of the program as text nodes only."""

from __future__ import annotations

STYLE = """
body { font: 13px/1.4 system-ui, sans-serif; margin: 12px; color: #222; background: #fff; }
h1 { font-size: 16px; margin: 0 0 8px; }
.bar > * { margin-right: 12px; }
#search { width: 22em; }
#graph { position: relative; width: 100%; overflow: hidden; }
#graph div { position: absolute; box-sizing: border-box; height: 17px; overflow: hidden; white-space: nowrap; cursor: pointer;
  border: solid #fff; border-width: 0 1px 1px 0; padding: 0 3px; font-size: 11px; line-height: 16px; }
#graph div.above { opacity: 0.55; }
#graph div.hit { outline: 2px solid #b0007a; outline-offset: -2px; }
#graph div:hover { filter: brightness(0.9); }
#details { min-height: 4em; white-space: pre-wrap; font-family: ui-monospace, monospace; font-size: 12px; }
"""

SCRIPT = """
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const count = data.parent.length;
  const graph = document.getElementById("graph");
  const details = document.getElementById("details");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const LINE = 17, NARROWEST = 0.5;
  const children = Array.from({ length: count }, () => []);
  const depth = new Array(count).fill(0);
  for (let node = 1; node < count; node++) {
    children[data.parent[node]].push(node);
    depth[node] = depth[data.parent[node]] + 1;
  }
  let weight = Number(document.querySelector("input[name=weight]:checked").value);
  let top = 0;
  let sizes = [];

  function name(node) { return data.texts[data.name[node]]; }
  function code(node) { return data.texts[data.code[node]]; }
  function grouped(digits) { return digits.replace(/\\B(?=(\\d{3})+$)/g, ","); }
  function share(node, of) { return of > 0 ? (100 * sizes[node] / of).toFixed(2) + "%" : "-"; }

  function colour(text) {
    let hash = 7;
    for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) % 65521;
    return "hsl(" + (10 + hash % 50) + " " + (60 + hash % 30) + "% " + (62 + hash % 16) + "%)";
  }

  function matches(node, wanted) {
    return name(node).toLowerCase().includes(wanted) || code(node).toLowerCase().includes(wanted);
  }

  function told(node) {
    const lines = [name(node) + (code(node) ? "    " + code(node) : "")];
    lines.push("entered " + grouped(String(data.calls[node])) + (data.calls[node] === 1 ? " time" : " times"));
    data.weights.forEach((what, number) => {
      lines.push(what + " " + grouped(data.all[number][node]) + ", itself " + grouped(data.own[number][node]));
    });
    const all = share(node, sizes[0]), shown = share(node, sizes[top]);
    lines.push(all + " of all " + data.weights[weight] + ", " + shown + " of what is shown");
    return lines.join("\\n");
  }

  function box(node, left, width, above, wanted) {
    const made = document.createElement("div");
    made.textContent = width > 24 ? name(node) : "";
    made.title = told(node);
    made.style.left = left + "px";
    made.style.width = Math.max(width, 1) + "px";
    made.style.top = depth[node] * LINE + "px";
    made.style.background = colour(name(node));
    if (above) made.classList.add("above");
    if (wanted && matches(node, wanted)) made.classList.add("hit");
    made.addEventListener("click", () => { top = node; draw(); });
    made.addEventListener("mouseenter", () => { details.textContent = told(node); });
    graph.appendChild(made);
  }

  function draw() {
    sizes = data.all[weight].map(Number);
    const wanted = search.value.trim().toLowerCase();
    const wide = graph.clientWidth || 1000;
    graph.textContent = "";
    let deepest = depth[top];
    for (let node = data.parent[top]; node >= 0; node = data.parent[node]) box(node, 0, wide, true, wanted);
    const scale = sizes[top] > 0 ? wide / sizes[top] : 0;
    const rest = [[top, 0]];
    while (rest.length) {
      const [node, left] = rest.pop();
      box(node, left, node === top ? wide : sizes[node] * scale, false, wanted);
      deepest = Math.max(deepest, depth[node]);
      let at = left;
      for (const child of children[node].slice().sort((a, b) => sizes[b] - sizes[a])) {
        const width = sizes[child] * scale;
        if (width >= NARROWEST) rest.push([child, at]);
        at += width;
      }
    }
    graph.style.height = (deepest + 1) * LINE + "px";
    found.textContent = wanted ? foundText(wanted) : "";
  }

  // What the calls that are found spent, one within another counted once.
  function foundText(wanted) {
    let sum = 0, hits = 0;
    const inside = new Array(count).fill(false);
    for (let node = 0; node < count; node++) {
      const hit = matches(node, wanted);
      const within = node > 0 && inside[data.parent[node]];
      if (hit) hits++;
      if (hit && !within) sum += sizes[node];
      inside[node] = hit || within;
    }
    return hits + " found, " + (sizes[0] > 0 ? (100 * sum / sizes[0]).toFixed(2) + "%" : "-");
  }

  document.querySelectorAll("input[name=weight]").forEach((input) => {
    input.addEventListener("change", () => { weight = Number(input.value); draw(); });
  });
  search.addEventListener("input", draw);
  document.getElementById("whole").addEventListener("click", () => { top = 0; draw(); });
  window.addEventListener("resize", draw);
  draw();
})();
"""
