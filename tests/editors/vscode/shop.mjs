// shop.mjs VSIX OUT: looks at the shop with mistakes in VS Code, as a person does. Pictures of what was seen go to OUT.
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { start } from "./session.mjs";

const [vsix, out] = process.argv.slice(2).map((one) => path.resolve(one));
const folder = path.resolve(import.meta.dirname, "../../../examples/shop-broken");
const file = "ingress.yaml";
const wrong = "shop-certificates";
const line = readFileSync(path.join(folder, file), "utf8").split("\n").findIndex((text) => text.includes(wrong)) + 1;

mkdirSync(out, { recursive: true });
const { page, workspace, stop } = await start({ vsix, folder, file, out });
const see = (name) => page.screenshot({ path: path.join(out, `${name}.png`) });
const ok = (what) => console.log(`ok   ${what}`);
try {
  const editor = page.locator(".editor-instance .monaco-editor").first();
  await editor.locator(".view-line", { hasText: "apiVersion" }).first().click();

  // The server counts in the status bar what it found in all files.
  await page.locator("#status\\.problems", { hasText: /^\s*1\d/ }).waitFor();
  ok("the status bar counts the errors of the whole workspace");

  await goTo(line);
  await editor.locator(".squiggly-error").first().waitFor();
  ok("the wrong name has a squiggle");

  const name = editor.locator(".view-line span span", { hasText: new RegExp(`^\\s*${wrong}$`) }).first();
  await name.waitFor();
  const hover = page.locator(".monaco-hover:visible", { hasText: "no Secret shop-certificates in ingress" });
  await until(async () => {
    const box = await name.boundingBox();
    await page.mouse.move(900, 700);
    await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2, { steps: 4 });
  }, hover, "hover");
  await page.locator(".monaco-hover:visible", { hasText: "the handshake is reset" }).waitFor();
  await see("hover");
  ok("the hover says what is wrong and what comes of it");

  await page.mouse.move(900, 700);
  await name.click();
  const fix = page.locator(".action-widget .monaco-list-row", { hasText: "use Secret shop-certificate" });
  await until(async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Period");
  }, fix, "quick fix");
  await see("fix");
  await fix.first().click();
  await editor.locator(".view-line", { hasText: /credentialName:\s*shop-certificate\s*$/ }).first().waitFor();
  await page.locator(`.squiggly-error`).first().waitFor({ state: "detached" });
  ok("the fix puts the right name in, and the squiggle goes");

  await page.keyboard.press("Control+KeyS");
  const saved = () => readFileSync(path.join(workspace, file), "utf8");
  await eventually(() => !saved().includes(wrong));
  ok("it is saved");

  await run("Istio: Show TLS Map");
  const map = page.frameLocator("iframe.webview").frameLocator("#active-frame").locator("img");
  await map.waitFor();
  await eventually(() => map.evaluate((image) => image.complete && image.naturalWidth > 600));
  await see("map");
  ok("the TLS map is drawn");
} catch (error) {
  await see("failure");
  console.log(`FAIL ${error}`);
  process.exitCode = 1;
} finally {
  await stop();
}

async function goTo(line) {
  await page.keyboard.press("Control+KeyG");
  await page.locator(".quick-input-widget:visible input").first().fill(`:${line}`);
  await page.keyboard.press("Enter");
}

async function run(command) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget:visible input").first().fill(`>${command}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: command }).first().click();
}

/** Acts until `wanted` is seen: a late layout may take a key or a move of the mouse away. */
async function until(act, wanted, name) {
  for (let tries = 0; tries < 6; tries++) {
    await act();
    if (await wanted.first().waitFor({ timeout: 5000 }).then(() => true, () => false)) return;
  }
  throw new Error(`${name}: not seen`);
}

async function eventually(holds) {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds()) return;
    await page.waitForTimeout(100);
  }
  throw new Error("it never comes about");
}
