// commands.mjs VSIX OUT: the version, the pages of rules and the lenses in VS Code, as a person uses them.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";

import { inSession } from "./person.mjs";
import { start } from "./session.mjs";

const [vsix, out] = process.argv.slice(2).map((one) => path.resolve(one));
const folder = path.resolve(import.meta.dirname, "../../../examples/shop-broken");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

await inSession(await start({ vsix: [vsix], folder, file: "ingress.yaml", out }), out, async (me) => {
  await problems(me);
  await version(me);
  await rulePage(me);
  await lenses(me);
});

async function problems({ page, ok }) {
  await page.locator("#status\\.problems", { hasText: /^\s*12\s*2\s*$/ }).waitFor();
  ok("the problems of the workspace are there");
}

async function version({ page, ok, run, see }) {
  await run("Istio: Show Version");
  await message(page, /extension \d+\.\d+\.\d+, server \d+\.\d+\.\d+.*\/bin\/istio-ls\)/);
  await see("version");
  ok("Show Version says both versions and which program it is");
  await run("Notifications: Clear All Notifications");
}

async function rulePage({ page, ok, open, run, see, front, closeFront }) {
  await open("ingress.yaml", "credentialName: shop-cert");
  await run("Istio: Open Rule Page");
  await front().getByRole("heading", { name: "unknown-credential" }).waitFor();
  await front().getByText("The handshake is reset").first().waitFor();
  await see("rule");
  ok("Open Rule Page opens the page of the finding under the cursor");
  await closeFront();

  await open("ingress.yaml", "kind: Gateway");
  await run("Istio: Open Rule Page");
  const box = page.locator(".quick-input-widget:visible input").first();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "application-as-proxy-user" }).waitFor();
  await box.fill("speaks TLS already");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: "double-tls" });
  await row.waitFor();
  await see("rules");
  await row.click();
  await front().getByRole("heading", { name: "double-tls" }).waitFor();
  ok("where there is no finding it offers all rules, found by what they say");
  await closeFront();
}

async function lenses({ page, ok, open, see, until }) {
  await open("ingress.yaml", "kind: Gateway");
  const peek = page.locator(".reference-zone-widget");
  const lens = page.locator(".codelens-decoration a", { hasText: "3 references" }).first();
  await until(async () => {
    if (!(await peek.isVisible())) await lens.click();
  }, peek, "references");
  const place = peek.locator(".ref-tree .monaco-list-row", { hasText: "ingress/public" }).first();
  await place.waitFor();
  await see("lens");
  ok("the lens over a Gateway lists the places that name it");
  await place.dblclick();
  await page.locator(".breadcrumbs-control:visible", { hasText: "traffic.yaml" }).waitFor();
  ok("one of them is opened from the list");
}

/** A message in the corner. */
function message(page, text) {
  return page.locator(".notification-list-item", { hasText: text }).waitFor();
}
