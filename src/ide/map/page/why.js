/** The pane that says why: what a line or a box is, and who decides it. In a narrow window it is a sheet over the drawing. */

const sheet = document.getElementById("sheet");
const KEYS = [["Tab", "next box"], ["←↑↓→", "next box or line"], ["Enter", "open the resource"], ["Esc", "clear"],
  ["/", "filter"], ["+ − 0", "zoom"]];
/** What the pane is about. */
let told;

function why(part) {
  told = part;
  document.getElementById("why").replaceChildren(...(part === undefined ? help() : part.edge ? ofEdge(part.edge) : ofNode(part.node)));
  sheet.scrollTop = 0;
  sheet.classList.toggle("open", part !== undefined);
  // A sheet lies over the half of the drawing in which it is not about something.
  sheet.classList.toggle("above", part !== undefined && view.y + (part.rect.y + part.rect.height / 2) * view.scale > stage.clientHeight / 2);
}

/** Opens the sheet with the keys, or closes it. */
function toggleHelp() {
  const isOpen = told === undefined && sheet.classList.contains("open");
  choose(undefined);
  sheet.classList.toggle("open", !isOpen);
}

function help() {
  const hint = ([key, words]) => element("li", {}, element("kbd", {}, key), ` ${words}`);
  return [element("h2", {}, "Why"), element("p", {}, "Point at a line or a box: what is on the wire, and who decides it."),
    element("ul", {}, ...KEYS.map(hint))];
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
  else sheet.querySelector(".link")?.focus();
}
