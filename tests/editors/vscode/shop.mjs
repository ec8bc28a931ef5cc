// shop.mjs VSIX OUT: works on the shop with mistakes in VS Code, as a person does. Pictures of what was seen go to OUT.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";

import { inSession } from "./person.mjs";
import { start } from "./session.mjs";

const [vsix, out] = process.argv.slice(2).map((one) => path.resolve(one));
const folder = path.resolve(import.meta.dirname, "../../../examples/shop-broken");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

// One rule is turned off: the settings reach the server.
const settings = { "istio-ls.rules": { "weak-tls-version": "off" } };
await inSession(await start({ vsix: [vsix], folder, file: "ingress.yaml", out, settings }), out, async (me) => {
  await findings(me);
  await repair(me);
  await status(me);
  await completion(me);
  await definition(me);
  await rename(me);
  await effective(me);
  await map(me);
  await walkthrough(me);
});

async function findings({ page, ok, line, editor, goTo, point, word, see }) {
  await line("apiVersion").click();
  await page.locator("#status\\.problems", { hasText: /^\s*12\s*1\s*$/ }).waitFor();
  ok("the status bar counts the errors of the whole workspace, without the rule that the settings turn off");

  await goTo(108);
  await editor.locator(".squiggly-error").first().waitFor();
  ok("the wrong name has a squiggle");

  const name = word("shop-certificates");
  await name.waitFor();
  await point(name, page.locator(".monaco-hover:visible", { hasText: "no Secret shop-certificates in ingress" }), "hover");
  await page.locator(".monaco-hover:visible", { hasText: "the handshake is reset" }).waitFor();
  await see("hover");
  ok("the hover says what is wrong and what comes of it");
}

async function repair({ page, ok, editor, line, word, until, away, see, saved, eventually }) {
  await away();
  await word("shop-certificates").click();
  const fix = page.locator(".action-widget .monaco-list-row", { hasText: "use Secret shop-certificate" });
  await until(async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Period");
  }, fix, "quick fix");
  await see("fix");
  await fix.first().click();
  await line(/credentialName:\s*shop-certificate\s*$/).waitFor();
  await editor.locator(".squiggly-error").first().waitFor({ state: "detached" });
  ok("the fix puts the right name in, and the squiggle goes");

  await page.keyboard.press("Control+KeyS");
  await eventually(() => !saved("ingress.yaml").includes("shop-certificates"), "saved");
  ok("it is saved");
}

async function status({ page, ok, until, away, see, front, closeFront }) {
  const text = page.locator(".hover-language-status:visible", { hasText: "the folder: 56 resources" });
  await until(async () => {
    await away();
    await page.locator("#status\\.languageStatus").hover();
  }, text, "status item");
  await page.locator(".hover-language-status:visible", { hasText: "11 errors, 1 warning; mesh: istiod's defaults" }).waitFor();
  await see("status");
  ok("the status item says the scope, the resources, the problems and the mesh configuration");

  await page.locator(".hover-language-status:visible a", { hasText: "Details" }).first().click();
  const opened = front();
  await opened.getByText("56 in 13 files").waitFor();
  await see("details");
  ok("its details are a page");
  await closeFront();
}

async function completion({ page, ok, open, line, until, see }) {
  await open("storefront/traffic.yaml", "- public");
  for (let letter = 0; letter < "public".length; letter++) await page.keyboard.press("Backspace");
  await page.keyboard.type("ing");
  const offered = page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: "ingress/public" });
  await until(async () => {
    if (!(await offered.isVisible())) await page.keyboard.press("Control+Space");
  }, offered, "completion");
  await see("completion");
  await page.keyboard.press("Enter");
  await line(/-\singress\/public\s*$/).waitFor();
  ok("completion offers the gateway of another namespace, and it is taken");
}

async function definition({ page, ok, until, see }) {
  const there = page.locator(".breadcrumbs-control", { hasText: "ingress.yaml" });
  await until(() => page.keyboard.press("F12"), there, "definition");
  await page.locator("#status\\.editor\\.selection", { hasText: "Ln 84," }).waitFor();
  await see("definition");
  ok("its definition is in another file");
}

async function rename({ page, ok, until, run, see, saved, eventually }) {
  const box = page.locator(".rename-box input:visible");
  await until(() => page.keyboard.press("F2"), box, "rename");
  await box.fill("edge");
  await see("rename");
  await page.keyboard.press("Enter");
  await page.locator(".editor-instance .view-line", { hasText: /name:\s*edge\s*$/ }).first().waitFor();
  await run("File: Save All Files");
  const everywhere = ["ingress.yaml", "storefront/traffic.yaml", "payments/traffic.yaml", "warehouse/traffic.yaml"];
  await eventually(() => everywhere.every((file) => saved(file).includes("edge") && !saved(file).includes("/public")), "renamed");
  ok("the gateway is renamed in all four files");
}

async function effective({ page, ok, open, run, see, front, closeFront }) {
  await open("storefront/traffic.yaml", "host: cart");
  await run("Istio: Show Effective TLS under the Cursor");
  const shown = front();
  await shown.getByText("503 UC").first().waitFor();
  await shown.getByRole("heading", { name: "Who calls" }).waitFor();
  await see("effective");
  ok("the effective TLS under the cursor is a page: what is on the wire, who decides, who calls");
  await closeFront();
}

async function map({ page, ok, open, run, see, saved, eventually, front }) {
  // Room for the map.
  await page.keyboard.press("Control+KeyB");
  await page.locator(".part.sidebar").waitFor({ state: "hidden" });
  await run("Istio: Show TLS Map");
  const drawn = front();
  await drawn.locator("#summary", { hasText: "connections" }).waitFor();
  const box = drawn.locator("[data-key]", { hasText: "scanner" }).first();
  await box.waitFor();
  await drawn.locator("#fit").click();
  await see("map");
  ok("the TLS map is drawn");

  await box.click();
  await drawn.locator("#why h2", { hasText: "scanner" }).waitFor();
  await page.locator(".breadcrumbs-control", { hasText: "warehouse" }).first().waitFor();
  await see("map-clicked");
  ok("a click on a box of the map says why and opens its resource");

  await drawn.locator("#failing").check();
  await drawn.locator("#filter").fill("storefront");
  await eventually(async () => (await drawn.locator(".node .title").allTextContents()).join() === "ingress-gateway,Sidecars,cart", "filtered");
  await see("map-filtered");
  ok("the map is filtered");

  await drawn.locator(".node", { hasText: "Sidecars" }).focus();
  for (const wanted of ["Sidecars to cart: fails 80", "refuses what is sent, storefront, cart"]) {
    await page.keyboard.press("ArrowRight");
    await drawn.locator(`.chosen[aria-label^="${wanted}"]`).waitFor();
  }
  await page.keyboard.press("Enter");
  await page.locator(".breadcrumbs-control", { hasText: "storefront" }).first().waitFor();
  ok("arrows lead along a line to its box, Enter opens its resource");

  await drawn.locator("#filter").fill("cart");
  await drawn.locator("#failing").uncheck();
  await drawn.locator("#in").click();
  const seen = async () => {
    let box;
    // While the map is drawn anew there is none.
    await eventually(async () => (box = await drawn.locator(".node.chosen rect").boundingBox()) !== null, "what is chosen");
    return Object.values(box).map(Math.round).join();
  };
  const before = await seen();
  // Beside the map.
  await page.locator(".tab", { hasText: "workloads.yaml" }).click();
  await open("mesh.yaml", "mode: STRICT");
  for (let letter = 0; letter < "STRICT".length; letter++) await page.keyboard.press("Backspace");
  await page.keyboard.type("PERMISSIVE");
  await page.keyboard.press("Escape");
  await drawn.locator(".node", { hasText: "cart" }).filter({ hasText: "mTLS PERMISSIVE" }).waitFor();
  await see("map-edited");
  if ((await seen()) !== before) throw new Error(`what is chosen is seen at ${await seen()}, not ${before}`);
  if ((await drawn.locator("#filter").inputValue()) !== "cart") throw new Error("the filter is gone");
  ok("an edit that is not saved is on the map at once, with its filter, zoom and what is chosen where it was");
  // Nothing asks whether to save when all is closed.
  await run("File: Save All Files");
  await eventually(() => saved("mesh.yaml").includes("PERMISSIVE"), "saved");
}

async function walkthrough({ page, ok, run, see }) {
  // It shows no pictures where it has no room.
  await run("View: Close All Editors");
  await run("Welcome: Open Walkthrough");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Get Started with istio-ls" }).first().click();
  await page.locator(".getting-started-step", { hasText: "See what is on the wire" }).first().click();
  await page.locator(".getting-started-media img").first().waitFor();
  await see("walkthrough");
  ok("the walkthrough shows its pictures");
  const step = (name) => page.locator(".getting-started-step", { hasText: name }).first();
  const follow = async (name, link) => {
    await step(name).click();
    await step(name).locator("a, .monaco-button", { hasText: link }).first().click();
  };
  await follow("The language server", "Show Version");
  await page.locator(".notification-list-item", { hasText: /extension \d/ }).waitFor();
  await follow("Fix it", "Show Problems");
  await page.locator(".markers-panel").waitFor();
  await follow("Say what the files do not", "Open Settings");
  await page.locator(".settings-editor .setting-item-contents").first().waitFor();
  ok("the links of its steps lead to the version, the problems and the settings");
}
