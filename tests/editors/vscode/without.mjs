// without.mjs VSIX SERVER OUT: the package without a server, in VS Code: with the server on the PATH, and with none.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { inSession } from "./person.mjs";
import { start } from "./session.mjs";

const [vsix, server, out] = process.argv.slice(2).map((one) => path.resolve(one));
const folder = path.resolve(import.meta.dirname, "../../../examples/shop-broken");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const programs = mkdtempSync(path.join(tmpdir(), "programs-"));
const system = "/usr/bin:/bin";
const session = (loginPath) => start({ vsix: [vsix], folder, file: "ingress.yaml", out, loginPath });

symlinkSync(server, path.join(programs, "istio-ls"));
await inSession(await session(`${programs}:${system}`), out, async ({ page, ok, see }) => {
  await page.locator("#status\\.problems", { hasText: /^\s*12\s*2\s*$/ }).waitFor();
  await see("path");
  ok("the server on the PATH is found");
});
rmSync(programs, { recursive: true });
if (process.exitCode) process.exit();

await inSession(await session(system), out, async ({ page, ok, see, until, away }) => {
  const message = page.locator(".notification-list-item", { hasText: "istio-ls" });
  await message.filter({ hasText: "Install istio-ls where the PATH finds it, or say in the settings where it is" }).waitFor();
  await until(async () => {
    await away();
    await page.locator("#status\\.languageStatus").hover();
  }, page.locator(".hover-language-status:visible", { hasText: "istio-ls is not running" }), "status item");
  await see("none");
  // All that comes comes before the status item says so.
  if ((await page.locator(".notification-list-item").count()) !== 1) throw new Error("more than one message");
  ok("without a server one message says what to do, and the status item says that none is running");

  await away();
  await message.getByText("Open Settings").click();
  await page.locator(".settings-editor .setting-item-contents", { hasText: "The program of the language server" }).waitFor();
  await see("settings");
  ok("the message leads to the setting");
});
