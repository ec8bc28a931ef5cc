// page.mjs PROGRAM OUT: looks around in the map that `istio-ls tls --format html` writes, in a browser, by day and by night,
// in a narrow window, and as an editor shows it. Pictures of what was seen go to OUT.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./session.mjs";

const [program, out] = process.argv.slice(2).map((one) => path.resolve(one));
const shop = path.resolve(import.meta.dirname, "../../../examples/shop-broken");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const written = path.join(out, "map.html");
const made = spawnSync(program, ["tls", shop, "--format", "html"], { encoding: "utf8" });
writeFileSync(written, made.stdout);

const ok = (what) => console.log(`ok   ${what}`);
const is = (found, wanted, what) => {
  if (String(found) !== String(wanted)) throw new Error(`${what}: ${found}, not ${wanted}`);
  ok(what);
};

const browser = await launch();
try {
  for (const colorScheme of ["light", "dark"]) await inBrowser(await opened({ colorScheme }), colorScheme);
  for (const viewport of [{ width: 400, height: 800 }, { width: 700, height: 500 }]) await inColumn(await opened({ viewport }), viewport);
  await inEditor(await opened({ colorScheme: "light" }, asEditor));
} catch (error) {
  console.log(`FAIL ${error}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

/** The page in a window; whatever it complains about, and whatever it wants from elsewhere, fails. */
async function opened(options, before) {
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options })).newPage();
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  page.on("console", (message) => page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("request", (request) => request.url() !== pathToFileURL(written).href && page.complaints.push(request.url()));
  if (before) await page.addInitScript(before);
  await page.goto(pathToFileURL(written).href);
  await page.locator(".node").first().waitFor();
  return page;
}

async function inBrowser(page, scheme) {
  const see = (name) => page.screenshot({ path: path.join(out, `${scheme}-${name}.png`) });
  const shown = (selector) => page.locator(selector).count();
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  const scale = async () => Number((await page.locator("#scene").getAttribute("transform")).match(/scale\((.*)\)/)[1]);
  await see("drawn");
  is(await page.locator("#summary").textContent(), "14 connections, 7 failing", `${scheme}: it says how much it shows`);
  is(await page.locator("#legend li").allTextContents(), "mTLS,TLS in TLS,plaintext,fails", "the legend lists what is on a wire");
  const [ground, words] = await page.evaluate(() => ["backgroundColor", "color"].map((key) => getComputedStyle(document.body)[key]));
  const bright = (colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0) > 380;
  is([bright(ground), bright(words)], scheme === "light" ? [true, false] : [false, true], "the colours are those of the hour");

  await page.locator("#failing").check();
  await see("failing");
  is(await shown(".edge:not(.fails)"), 0, "only what fails is left");
  is(await shown(".edge.fails"), 5, "all of it");
  await page.keyboard.press("/");
  await page.keyboard.type("storefront");
  await see("filtered");
  is(await page.locator(".node .title").allTextContents(), "Sidecars,cart", "a namespace is found, with what it is connected to");
  await page.locator("#filter").fill("nothing like this");
  is(await page.locator("#summary").textContent(), "nothing found in 14 connections, 7 failing", "it says when nothing is found");
  await page.keyboard.press("Escape");
  is([await page.locator("#filter").inputValue(), await shown(".edge")], ["", 12], "Escape clears the filter");

  await page.locator(".node", { hasText: "scanner" }).hover();
  await page.locator("#why h2", { hasText: "warehouse/scanner" }).waitFor();
  ok("pointing at a box says what it is");
  await page.locator(".edge.fails .frame").last().hover();
  await page.locator("#why", { hasText: /fails: 503|fails: dropped|fails: refused|fails: 404/ }).waitFor();
  ok("pointing at a line that fails says the error");

  await page.locator("#fit").focus();
  await page.keyboard.press("Tab");
  is(await focused(), "Outside, clients without the mesh's, certificates", "Tab leads to the first box");
  await page.keyboard.press("Tab");
  is(await focused(), "refuses what is sent, ingress, ingress-gateway, gateway", "and to the next");
  await page.keyboard.press("ArrowDown");
  is(await focused(), "Sidecars, 6 workloads, of 3 namespaces", "an arrow leads to the box below");
  for (const wanted of [/^Sidecars to cart: fails 80$/, /storefront, cart, 80 HTTP/]) {
    await page.keyboard.press("ArrowRight");
    if (!wanted.test(await focused())) throw new Error(`${await focused()} after an arrow, not ${wanted}`);
  }
  ok("arrows lead along a line to its box");
  const unnamed = await page.locator("button, input, [role=button]").evaluateAll((all) =>
    all.filter((one) => !/\p{L}{2}/u.test(one.getAttribute("aria-label") ?? (one.closest("label") ?? one).textContent)).map((one) => one.outerHTML));
  is(unnamed, "", "everything that is pressed or filled in has a name");
  const silent = await page.locator(".edge.fails").evaluateAll((edges) =>
    edges.map((one) => one.getAttribute("aria-description")).filter((said) => !/ fails: \d{3}/.test(said)));
  is(silent, "", "a line that fails is described by the connection and its error");
  await see("keyboard");
  is(await shown(".node.chosen"), 1, "what has the focus is chosen, the rest steps back");
  await page.keyboard.press("Escape");
  is(await shown(".chosen"), 0, "Escape clears");

  const before = await scale();
  await page.keyboard.press("+");
  is(Math.round(((await scale()) / before) * 100), 125, "+ zooms");
  await page.keyboard.press("0");
  const everything = await page.locator(".node").evaluateAll((nodes) => {
    const room = document.getElementById("stage").getBoundingClientRect();
    return nodes.every((node) => {
      const { left, right, top, bottom } = node.getBoundingClientRect();
      return left >= room.left && right <= room.right && top >= room.top && bottom <= room.bottom;
    });
  });
  is(everything, true, "0 shows everything");
  const [x, y] = [60, 800];
  const seen = await page.locator("#scene").getAttribute("transform");
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 100, y - 50, { steps: 4 });
  await page.mouse.up();
  const places = (text) => text.match(/-?[\d.]+/g).map(Number);
  const [[left, top], [right, bottom]] = [places(seen), places(await page.locator("#scene").getAttribute("transform"))];
  is([Math.round(right - left), Math.round(bottom - top)], [100, -50], "it is dragged");
  is(page.complaints, "", "nothing is complained about, nothing is fetched");
}

/** Beside a file: the drawing has the room, and what is said about it lies over it while it is asked for. */
async function inColumn(page, { width, height }) {
  const size = `${width}×${height}`;
  const see = (name) => page.screenshot({ path: path.join(out, `${size.replace("×", "-")}-${name}.png`) });
  const box = (selector) => page.locator(selector).boundingBox();
  const isWithin = (inner, outer) => inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
  const room = await box("main");
  if (room.height < height / 2 || room.width < width) throw new Error(`${size}: the drawing has ${room.width}×${room.height}`);
  ok(`${size}: the drawing has more than half of the height`);
  is(await page.evaluate(() => document.documentElement.scrollWidth), width, "nothing sticks out");
  for (const control of ["#filter", "#failing", "#out", "#in", "#fit", "#keys"])
    is(isWithin(await box(control), { x: 0, y: 0, width, height: room.y }), true, `${control} is in sight`);
  is(await page.locator("#sheet").isVisible(), false, "nothing lies over the drawing");
  await see("drawn");

  await page.locator("#keys").click();
  await page.locator("#why", { hasText: "next box or line" }).waitFor();
  await page.locator("#keys").click();
  is(await page.locator("#sheet").isVisible(), false, "the keys are shown and put away");

  const boxes = await page.locator(".node").count();
  await page.locator("#keys").focus();
  for (let at = 0; at < boxes; at++) {
    await page.keyboard.press("Tab");
    const found = page.locator(".node:focus rect");
    const name = await page.locator(".node:focus").getAttribute("aria-label");
    const { x, y, width: wide, height: tall } = await found.boundingBox();
    const isBare = await found.evaluate((one, [x, y]) => one.parentElement.contains(document.elementFromPoint(x, y)), [x + wide / 2, y + tall / 2]);
    if (!isWithin({ x, y, width: wide, height: tall }, room) || !isBare) throw new Error(`${size}: ${name} has the focus and is not in sight`);
  }
  ok("every box that has the focus is in sight and bare");
  await see("told");

  await page.locator("#sheet").waitFor();
  await page.keyboard.press("Escape");
  is([await page.locator("#sheet").isVisible(), await page.locator(".chosen").count()], [false, 0], "Escape closes the reasons");
  await page.locator("#failing").check();
  await page.locator(".edge.fails .frame").first().hover();
  await page.locator("#why .call", { hasText: "fails: " }).first().waitFor();
  await page.locator("#close").click();
  is(await page.locator("#sheet").isVisible(), false, "so does its button");
  await page.locator("#filter").fill("nothing like this");
  is(await page.locator("#nothing").textContent(), "Nothing that fits the filter. Esc clears it.", "an empty drawing says why");
  await page.keyboard.press("Escape");
  await page.locator("#fit").click();
  const isFar = (await page.locator("#scene.far").count()) === 1;
  is([isFar, await page.locator(".name", { hasText: "warehouse" }).isVisible()], [width === 400, isFar], "only from far away the frames have larger names");
  is(page.complaints, "", "nothing is complained about, nothing is fetched");
}

/** What VS Code gives to a page, with a memory of what it was told. */
function asEditor() {
  window.told = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (said) => window.told.push(said),
    setState: (state) => (window.kept = state),
    getState: () => undefined,
  });
}

async function inEditor(page) {
  const told = () => page.evaluate(() => JSON.stringify(window.told));
  is(await told(), '[{"ready":true}]', "in an editor: it says that it is there");
  await page.locator(".node", { hasText: "scanner" }).click();
  const [, { open }] = JSON.parse(await told());
  is([path.basename(path.dirname(open.file)), path.basename(open.file)], ["warehouse", "workloads.yaml"], "a click asks for the resource");
  await page.locator(".node", { hasText: "cart" }).focus();
  await page.keyboard.press("Enter");
  is(path.basename(path.dirname(JSON.parse(await told())[2].open.file)), "storefront", "Enter asks for the resource");

  // Somebody types: the same, and nothing fails any more.
  await page.locator("#filter").fill("cart");
  await page.keyboard.press("Escape");
  await page.locator("#filter").fill("storefront");
  await page.locator("#in").click();
  await page.locator(".node", { hasText: "cart" }).focus();
  const state = () => page.evaluate(() => [document.getElementById("scene").getAttribute("transform"),
    document.getElementById("filter").value, window.kept.chosen, document.activeElement.dataset.key]);
  const before = await state();
  await page.evaluate(() => {
    const picture = JSON.parse(document.getElementById("picture").textContent);
    for (const edge of picture.edges) Object.assign(edge, { wire: "mtls", words: "mTLS 80" });
    window.postMessage({ picture }, "*");
  });
  await page.locator(".edge.mtls", { hasText: "mTLS 80" }).nth(1).waitFor();
  is(await page.locator(".edge.fails").count(), 0, "it is drawn anew with what it is sent");
  is(await state(), before, "zoom, filter, what is chosen and the focus stay");
  is(page.complaints, "", "nothing is complained about, nothing is fetched");
}
