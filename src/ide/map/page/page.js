/** The page around the drawing: filter, zoom, what is chosen and why it is as it is; and the way to the editor. */

const by = (id) => document.getElementById(id);
const editor = typeof acquireVsCodeApi === "function" ? acquireVsCodeApi() : undefined;
let picture = JSON.parse(by("picture").textContent);
/** What is kept while the map is drawn anew, and by the editor while it is hidden. `view` is undefined until somebody moves. */
const state = { text: "", failing: false, chosen: undefined, view: undefined, ...editor?.getState() };
let view = state.view ?? { x: 0, y: 0, scale: 1 };
let drawn;

function redraw() {
  const before = drawn?.parts.get(state.chosen)?.rect;
  const focused = scene.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  drawn = draw(picture, state);
  const after = drawn.parts.get(state.chosen)?.rect;
  // What is chosen stays where it is looked at.
  if (before && after) move(view.x + (before.x - after.x) * view.scale, view.y + (before.y - after.y) * view.scale);
  by("of").textContent = picture.of ? `TLS map of ${picture.of}` : "TLS map";
  const shown = drawn.edges.reduce((sum, edge) => sum + edge.calls.length, 0);
  by("summary").textContent = drawn.isAll ? picture.summary : drawn.nodes.length ? `${shown} shown of ${picture.summary}` : `nothing found in ${picture.summary}`;
  legend();
  mark();
  if (focused) drawn.parts.get(focused)?.element.focus({ preventScroll: true });
}

function legend() {
  const used = new Set(picture.edges.map((edge) => edge.wire));
  const line = (wire) => shape("svg", { "aria-hidden": "true", viewBox: "0 0 42 10" }, shape("path", { class: `wire ${wire}`, d: "M0 5H42" }));
  by("legend").replaceChildren(...picture.wires.filter(([wire]) => used.has(wire)).map(([wire, words]) => element("li", {}, line(wire), words)));
}

/** Marks what is chosen and what it is connected with, and says why. */
function mark() {
  const chosen = drawn.parts.get(state.chosen);
  const isNear = ({ node, edge }) => {
    if (chosen?.edge) return edge === chosen.edge || [chosen.edge.from, chosen.edge.to].includes(node?.id);
    const partners = edge ? [edge.from, edge.to] : drawn.edges.filter((one) => [one.from, one.to].includes(node.id)).flatMap((one) => [one.from, one.to]);
    return node === chosen?.node || partners.includes(chosen?.node.id);
  };
  scene.classList.toggle("picked", chosen !== undefined);
  for (const part of drawn.parts.values()) {
    part.element.classList.toggle("chosen", part === chosen);
    part.element.classList.toggle("near", chosen !== undefined && isNear(part));
  }
  why(chosen);
  save();
}

function choose(key) {
  state.chosen = key;
  mark();
}

function save() {
  editor?.setState(state);
}

// Why

function why(part) {
  const hint = (key, words) => element("li", {}, element("kbd", {}, key), ` ${words}`);
  by("why").replaceChildren(...(part === undefined
    ? [element("h2", {}, "Why"), element("p", {}, "Point at a line or a box: what is on the wire, and who decides it."),
      element("ul", {}, hint("Tab", "next box"), hint("←↑↓→", "next box or line"), hint("Enter", "open the resource"),
        hint("Esc", "clear"), hint("/", "filter"), hint("+ − 0", "zoom"))]
    : part.edge ? ofEdge(part.edge) : ofNode(part.node)));
}

const title = (id) => {
  const node = picture.nodes.find((one) => one.id === id);
  return node.namespace ? `${node.namespace}/${node.title}` : node.title;
};

function ofEdge(edge) {
  const reason = ({ text, place }) => element("li", {}, text, ...(place ? [" ", to(place)] : []));
  const calls = edge.calls.flatMap((call) => [
    element("p", { class: "call" }, call.what),
    element("ul", {}, ...call.because.map(reason)),
  ]);
  return [element("h2", {}, `${title(edge.from)} → ${title(edge.to)}`), element("p", {}, edge.words), ...calls];
}

function ofNode(node) {
  const resources = node.resources.map(({ title, place }) => element("li", {}, title, ...(place ? [" ", to(place)] : [])));
  const connected = picture.edges.filter((edge) => edge.from === node.id || edge.to === node.id);
  const connections = connected.map((edge) => {
    const words = edge.to === node.id ? `from ${title(edge.from)}: ${edge.words}` : `to ${title(edge.to)}: ${edge.words}`;
    const button = element("button", { class: "link" }, words);
    button.addEventListener("click", () => focus(keyOf(edge)));
    return element("li", {}, button);
  });
  // What a class of clients is about are its resources.
  const about = node.kind === "clients" ? node.lines.join("\n") : node.about;
  return [element("h2", {}, title(node.id)), element("p", {}, about),
    ...(resources.length ? [element("h3", {}, "Resources"), element("ul", {}, ...resources)] : []),
    ...(connections.length ? [element("h3", {}, "Connections"), element("ul", {}, ...connections)] : [])];
}

/** The way to a place: a link where there is an editor to open it. */
function to({ file, line }) {
  const words = `${file.split(/[\\/]/).pop()}:${line}`;
  if (editor === undefined) return element("span", { class: "place", title: file }, words);
  const button = element("button", { class: "link", title: file }, words);
  button.addEventListener("click", () => editor.postMessage({ open: { file, line } }));
  return button;
}

/** Opens the resource of a box; where there are several, or reasons, leads to their list. */
function open(part) {
  if (part.node?.opens && editor) editor.postMessage({ open: part.node.opens });
  else by("why").querySelector("button")?.focus();
}

// Part seen

function move(x, y, scale = view.scale) {
  view = { x, y, scale: Math.min(Math.max(scale, 0.1), 3) };
  scene.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
}

/** Moves because somebody wants it so: it stays. */
function moved(...where) {
  move(...where);
  state.view = view;
  save();
}

/** Zooms around a point of the stage, its middle if none is given. */
function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const scale = Math.min(Math.max(view.scale * factor, 0.1), 3);
  moved(x - ((x - view.x) * scale) / view.scale, y - ((y - view.y) * scale) / view.scale, scale);
}

/** Shows everything that is drawn; where its words would be too small to read, no smaller than `least`. */
function fit(least) {
  const parts = [...drawn.parts.values()];
  const rects = parts.map((part) => part.rect);
  if (rects.length === 0 || stage.clientWidth === 0) return;
  const edge = (pick, of) => pick(...rects.map(of));
  const left = edge(Math.min, (rect) => rect.x) - 30;
  const top = Math.min(...parts.map((part) => part.top)) - 35;
  const width = edge(Math.max, (rect) => rect.x + rect.width) + 30 - left;
  const height = edge(Math.max, (rect) => rect.y + rect.height) + 30 - top;
  const scale = Math.max(Math.min(stage.clientWidth / width, stage.clientHeight / height, 1.2), least);
  const begin = (room, size) => Math.max((room - size * scale) / 2, 0);
  move(begin(stage.clientWidth, width) - left * scale, begin(stage.clientHeight, height) - top * scale, scale);
  state.view = undefined;
  save();
}

const READABLE = 0.7;

function focus(key) {
  const { element, rect } = drawn.parts.get(key) ?? {};
  if (!element) return;
  element.focus({ preventScroll: true });
  // Into sight, with some room around it.
  const into = (at, size, room) => Math.min(Math.max(at, 60), Math.max(room - size - 60, 60)) - at;
  const [x, y] = [view.x + rect.x * view.scale, view.y + rect.y * view.scale];
  const [right, down] = [into(x, rect.width * view.scale, stage.clientWidth), into(y, rect.height * view.scale, stage.clientHeight)];
  if (right || down) moved(view.x + right, view.y + down);
}

/** The next box or line in a direction: near, and rather ahead than beside. */
function next(from, [right, down]) {
  const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
  const [x, y] = middle(from.rect);
  const distance = (part) => {
    const [dx, dy] = [middle(part.rect)[0] - x, middle(part.rect)[1] - y];
    const [ahead, beside] = right ? [dx * right, Math.abs(dy)] : [dy * down, Math.abs(dx)];
    return ahead > 1 ? ahead + 2 * beside : Infinity;
  };
  const [best] = [...drawn.parts].map(([key, part]) => [key, distance(part)]).filter(([, far]) => far < Infinity).sort(([, a], [, b]) => a - b);
  return best?.[0];
}

// What people do

const partOf = (target) => drawn.parts.get(target.closest?.("[data-key]")?.dataset.key);
const keyed = (target) => target.closest?.("[data-key]")?.dataset.key;

// An element of SVG that listens for the focus takes it itself.
stage.parentElement.addEventListener("focusin", ({ target }) => choose(keyed(target)));
scene.addEventListener("pointerover", ({ target }) => partOf(target) && why(partOf(target)));
scene.addEventListener("pointerout", () => state.chosen && why(drawn.parts.get(state.chosen)));

let drag;
stage.addEventListener("pointerdown", (event) => {
  if (event.button === 0) drag = { x: event.clientX - view.x, y: event.clientY - view.y, from: [event.clientX, event.clientY], far: false };
});
stage.addEventListener("pointermove", (event) => {
  if (!drag || !(event.buttons & 1)) return;
  drag.far ||= Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) > 4;
  if (!drag.far) return;
  stage.setPointerCapture(event.pointerId);
  moved(event.clientX - drag.x, event.clientY - drag.y);
});
stage.addEventListener("click", ({ target }) => {
  const wasDrag = drag?.far;
  drag = undefined;
  if (wasDrag) return;
  const part = partOf(target);
  if (part === undefined) return choose(undefined);
  choose(keyed(target));
  if (part.node?.opens) open(part);
});
stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  const { left, top } = stage.getBoundingClientRect();
  if (event.ctrlKey || event.metaKey) zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
  else if (event.shiftKey && event.deltaX === 0) moved(view.x - event.deltaY, view.y);
  else moved(view.x - event.deltaX, view.y - event.deltaY);
}, { passive: false });

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return escape();
  if (event.target === by("filter") || event.ctrlKey || event.metaKey || event.altKey) return;
  const part = partOf(event.target);
  const actions = { "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: () => fit(0.1), "/": () => by("filter").focus() };
  if (part && ARROWS[event.key]) focus(next(part, ARROWS[event.key]));
  else if (part && (event.key === "Enter" || event.key === " ")) open(part);
  else if (actions[event.key]) actions[event.key]();
  else return;
  event.preventDefault();
});

/** Step by step: what is chosen, then the filter. */
function escape() {
  if (state.chosen !== undefined) {
    document.activeElement.blur();
    choose(undefined);
  } else {
    filter("", false);
  }
}

function filter(text, failing) {
  Object.assign(state, { text, failing });
  if (by("filter").value !== text) by("filter").value = text;
  by("failing").checked = failing;
  redraw();
  fit(READABLE);
}

by("filter").addEventListener("input", () => filter(by("filter").value, state.failing));
by("failing").addEventListener("change", () => filter(state.text, by("failing").checked));
by("in").addEventListener("click", () => zoom(1.25));
by("out").addEventListener("click", () => zoom(0.8));
by("fit").addEventListener("click", () => fit(0.1));

window.addEventListener("message", ({ data }) => {
  if (!data?.picture) return;
  picture = data.picture;
  redraw();
});

by("filter").value = state.text;
by("failing").checked = state.failing;
move(view.x, view.y, view.scale);
redraw();
new ResizeObserver(() => state.view ?? fit(READABLE)).observe(stage);
editor?.postMessage({ ready: true });
