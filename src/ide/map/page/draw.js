/** How the map is drawn: what is seen of the picture, and the elements of it. Places are decided by the server. */

const stage = document.getElementById("stage");
const scene = document.getElementById("scene");
/** Around the boxes of a frame, and above them, where its name is. */
const PAD = 14;
const HEADING = 28;

/** An element of the page or, within the drawing, of SVG; without a way to run text of resources as code. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(stage.namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** What an edge is called from one drawing to the next. */
const keyOf = (edge) => `${edge.from} ${edge.wire} ${edge.to}`;

/** What is seen: connections with an end that matches and, where failing ones are not asked for alone, what matches itself. */
function seen(picture, { text, failing }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = new Set(picture.nodes.filter((node) => words.every((word) => said(node).includes(word))).map((node) => node.id));
  const edges = picture.edges.filter(
    (edge) => (!failing || edge.wire === "fails") && (matching.has(edge.from) || matching.has(edge.to)),
  );
  const ends = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const nodes = picture.nodes.filter((node) => ends.has(node.id) || (!failing && matching.has(node.id)));
  return { nodes, edges, isAll: words.length === 0 && !failing };
}

/** What a filter finds. The box of all sidecars is found by its own name only, or every word would find everything. */
function said(node) {
  const about = node.kind === "sidecars" ? [] : [node.about];
  return [node.namespace, node.title, ...node.lines, ...about].join("\n").toLowerCase();
}

/** The frames around what is seen, no taller than that. */
function framed(groups, nodes) {
  return groups.flatMap((group) => {
    const within = nodes.filter((node) => group.nodes.includes(node.id));
    if (within.length === 0) return [];
    const top = Math.min(...within.map((node) => node.y)) - HEADING;
    return [{ ...group, y: top, height: Math.max(...within.map((node) => node.y + node.height)) + PAD - top }];
  });
}

/** Heights without the bands in which nothing is seen; order and distances of what is seen stay. */
function squeezed({ nodes, edges, groups, isAll }) {
  if (isAll) return (y) => y;
  const bands = [
    ...nodes.map(({ y, height }) => [y - 7, y + height + 7]),
    ...groups.flatMap(({ y, height }) => [[y - 11, y + HEADING], [y + height - PAD, y + height + 11]]),
    ...edges.flatMap((edge) => edge.curve.map(([, y]) => [y - 5, y + 5])),
  ].sort(([one], [other]) => one - other);
  const kept = [];
  for (const [top, bottom] of bands) {
    const last = kept[kept.length - 1];
    if (last !== undefined && top <= last[1]) last[1] = Math.max(last[1], bottom);
    else kept.push([top, bottom]);
  }
  return (y) => kept.reduce((sum, [top, bottom]) => sum + Math.min(Math.max(y, top), bottom) - top, 16);
}

/** Draws what is seen; answers with its parts by key, each with its element, what it is, its rectangle and its top. */
function draw(picture, asked) {
  const visible = seen(picture, asked);
  visible.groups = framed(picture.groups, visible.nodes);
  const height = squeezed(visible);
  const parts = new Map();
  // What fails lies on top.
  const edges = [...visible.edges].sort((one, other) => (one.wire === "fails") - (other.wire === "fails"));
  const failing = new Set(edges.filter((edge) => edge.wire === "fails").map((edge) => edge.to));
  const titles = new Map(picture.nodes.map((node) => [node.id, node.title]));
  scene.replaceChildren(
    ...visible.groups.map((group) => frame(group, height)),
    ...edges.map((edge) => {
      const made = drawnEdge(edge, height, `${titles.get(edge.from)} to ${titles.get(edge.to)}: ${edge.words}`);
      parts.set(keyOf(edge), made);
      return made.element;
    }),
    ...visible.nodes.map((node) => {
      const made = drawnNode(node, height, failing.has(node.id));
      parts.set(node.id, made);
      return made.element;
    }),
    ...visible.groups.map((group) => name(group, height)),
  );
  return { ...visible, parts };
}

function frame(group, height) {
  const y = height(group.y);
  const rect = { x: group.x, y, width: group.width, height: height(group.y + group.height) - y, rx: 10 };
  const label = shape("text", { x: group.x + PAD, y: y + 19 }, group.label);
  return shape("g", { class: "group" }, shape("rect", rect), label);
}

/** What a frame is called beside it, where the map is too small to read it within. */
function name(group, height) {
  const middle = (height(group.y) + height(group.y + group.height)) / 2;
  return shape("text", { class: "name", "aria-hidden": "true", x: group.x + group.width + PAD, y: middle }, group.label);
}

function drawnNode(node, height, isFailing) {
  const rect = { x: node.x, y: height(node.y), width: node.width, height: node.height };
  const first = rect.y + (rect.height - 13 - (node.label.length - 1) * 16) / 2 + 10;
  const text = node.label.map((words, at) => shape("text", { class: at ? "line" : "title", x: rect.x + PAD, y: first + at * 16 }, words));
  const round = ["outside", "external", "sidecars", "clients"].includes(node.kind) ? 18 : 6;
  const label = [isFailing ? "refuses what is sent" : "", node.namespace, node.title, ...node.lines].filter(Boolean).join(", ");
  const name = `node ${node.kind}${isFailing ? " failing" : ""}`;
  const about = { class: name, tabindex: 0, role: "button", "aria-label": label, "data-key": node.id };
  return { element: shape("g", about, shape("rect", { ...rect, rx: round }), ...text), node, rect, top: rect.y };
}

/** What is on the wire in full, for who hears the map; of several connections the first. */
function sentence({ calls }) {
  return calls.length > 1 ? `${calls[0].what}; ${calls.length - 1} more` : calls[0].what;
}

function drawnEdge(edge, height, label) {
  const points = edge.curve.map(([x, y]) => `${x} ${height(y)}`);
  const d = `M${points[0]}C${points.slice(1).join(" ")}`;
  const [x, end] = edge.curve[edge.curve.length - 1];
  const y = height(end);
  const rect = { ...edge.frame, y: y - edge.frame.height / 2 };
  const head = edge.wire === "fails" ? `M${edge.back ? x + 2 : x - 10} ${y - 4}l8 8m0 -8l-8 8`
    : edge.back ? `M${x + 8} ${y - 4}l-7 4l7 4` : `M${x - 8} ${y - 4}l7 4l-7 4`;
  const about = { class: `edge ${edge.wire}`, tabindex: -1, role: "button", "aria-label": label, "aria-description": sentence(edge), "data-key": keyOf(edge) };
  const made = shape("g", about, shape("path", { class: "hit", d }), shape("path", { class: "wire", d }),
    shape("path", { class: "head", d: head }), shape("rect", { class: "frame", ...rect, rx: 9 }),
    shape("text", { x: rect.x + rect.width / 2, y: y + 4 }, edge.words));
  return { element: made, edge, rect, top: Math.min(...edge.curve.map(([, y]) => height(y))) };
}
