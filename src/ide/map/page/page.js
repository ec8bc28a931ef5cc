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
  by("nothing").textContent = drawn.nodes.length ? "" : drawn.isAll
    ? "Nothing to draw: what is applied together here has no gateway, no Service and no ServiceEntry that anybody calls."
    : "Nothing that fits the filter. Esc clears it.";
  legend();
  mark();
  if (focused) drawn.parts.get(focused)?.element.focus({ preventScroll: true });
}

function legend() {
  const used = new Set(picture.edges.map((edge) => edge.wire));
  const line = (wire) => shape("svg", { "aria-hidden": "true", viewBox: "0 0 42 10", preserveAspectRatio: "xMinYMid slice" }, shape("path", { class: `wire ${wire}`, d: "M0 5H42" }));
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

/** Nothing is chosen, pointed at or focused any more. */
function clear() {
  document.activeElement.blur();
  choose(undefined);
}

function save() {
  editor?.setState(state);
}

// Part seen

const READABLE = 0.7;
/** Below this scale no box can be read: the frames are called by letters that do not shrink. */
const FAR = 0.4;

function move(x, y, scale = view.scale) {
  view = { x, y, scale: Math.min(Math.max(scale, 0.1), 3) };
  scene.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  scene.style.setProperty("--scale", view.scale);
  scene.classList.toggle("far", view.scale < FAR);
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

/** Shows everything that is drawn; where its words would be too small to read, no smaller than `least`, and what there is room for. */
function fit(least) {
  const parts = [...drawn.parts.values()];
  if (parts.length === 0 || stage.clientWidth === 0) return;
  const left = Math.min(...parts.map(({ rect }) => rect.x)) - 30;
  const top = Math.min(...parts.map((part) => part.top)) - 35;
  const width = Math.max(...parts.map(({ rect }) => rect.x + rect.width)) + 30 - left;
  const height = Math.max(...parts.map(({ rect }) => rect.y + rect.height)) + 30 - top;
  const scale = Math.max(Math.min(stage.clientWidth / width, stage.clientHeight / height, 1.2), least);
  const [wide, tall] = [stage.clientWidth / scale, stage.clientHeight / scale];
  const [x, within] = wide < width ? densest(parts, wide) : [left - (wide - width) / 2, parts];
  const y = tall < height ? Math.min(...within.map((part) => part.top)) - 35 : top - (tall - height) / 2;
  move(-x * scale, -y * scale, scale);
  state.view = undefined;
  save();
}

/** Where to begin so that most boxes are wholly within that width, and in the middle of it; and which these are. */
function densest(parts, wide) {
  const boxes = parts.filter((part) => part.node);
  const within = (x) => boxes.filter(({ rect }) => rect.x >= x && rect.x + rect.width <= x + wide);
  const beginnings = [...new Set(boxes.map(({ rect }) => rect.x))].sort((one, other) => one - other);
  const [left, most] = beginnings.map((x) => [x, within(x)]).reduce((best, next) => (next[1].length > best[1].length ? next : best));
  const right = Math.max(...most.map(({ rect }) => rect.x + rect.width));
  return [(left + right - wide) / 2, most];
}

function focus(key) {
  const part = drawn.parts.get(key);
  if (part === undefined) return;
  reveal(part);
  part.element.focus({ preventScroll: true });
}

/** Moves a part into sight, with some room around it. */
function reveal({ rect }) {
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
stage.parentElement.addEventListener("focusin", ({ target }) => {
  // What is clicked is in sight, and what is drawn anew stays where it is.
  if (partOf(target) && keyed(target) !== state.chosen && target.matches(":focus-visible")) reveal(partOf(target));
  choose(keyed(target));
});
scene.addEventListener("pointerover", ({ target }) => ![undefined, told].includes(partOf(target)) && why(partOf(target)));
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

/** Step by step: from the pane back to what it is about, what is chosen or said, then the filter. */
function escape() {
  if (state.chosen !== undefined && by("why").contains(document.activeElement)) focus(state.chosen);
  else if (state.chosen !== undefined || sheet.classList.contains("open")) clear();
  else filter("", false);
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
by("keys").addEventListener("click", toggleHelp);
by("close").addEventListener("click", clear);

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
