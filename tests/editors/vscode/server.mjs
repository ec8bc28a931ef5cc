// server.mjs VSIX OUT: the check of the workspace, a new start of the server and what it says, in VS Code, as a person has them.
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { inSession } from "./person.mjs";
import { start } from "./session.mjs";

const [vsix, out] = process.argv.slice(2).map((one) => path.resolve(one));
const folder = path.resolve(import.meta.dirname, "../../../examples/shop-broken");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

// A terminal that is drawn as text can be read.
const settings = { "terminal.integrated.gpuAcceleration": "off", "istio-ls.trace.server": "messages" };
const keys = [{ key: "f9", command: "istio-ls.restart" }];
const session = await start({ vsix: [vsix], folder, file: "ingress.yaml", out, settings, keys });
await inSession(session, out, async (me) => {
  await problems(me);
  await check(me);
  await restart(me);
  await output(me);
});

function problems({ page }) {
  return page.locator("#status\\.problems", { hasText: /^\s*12\s*2\s*$/ }).waitFor();
}

async function check({ page, ok, run, see }) {
  await run("Istio: Check Workspace");
  const terminal = page.locator(".terminal .xterm-rows");
  await terminal.filter({ hasText: "12 errors, 2 warnings in 56 resources of 13 files" }).waitFor();
  await terminal.filter({ hasText: "press any key to close" }).waitFor();
  if (/failed to launch|exit code/.test((await terminal.allInnerTexts()).join())) throw new Error("a check that finds something has not failed");
  ok("Check Workspace shows in the terminal what a pipeline says");

  await run("Problems: Focus on Problems View");
  const row = page.locator(".markers-panel .monaco-list-row", { hasText: "no Secret shop-certificates in ingress" });
  await row.first().waitFor();
  await see("check");
  if ((await row.count()) !== 1) throw new Error("the check doubles the problems");
  await problems({ page });
  ok("its findings do not stand among the problems a second time");
}

async function restart({ page, ok, workspace, eventually, see }) {
  const [before] = servers(workspace);
  const asked = 3;
  for (let pressed = 0; pressed < asked; pressed++) await page.keyboard.press("F9");
  await eventually(() => starts(workspace) === 1 + asked, "every start");
  await eventually(() => servers(workspace).length === 1 && servers(workspace)[0] !== before, "one new server");
  await problems({ page });
  await see("restart");
  if ((await page.locator(".notification-list-item").count()) > 0) throw new Error("something is complained about");
  ok("Restart, asked for three times in a row, leaves one new server and the problems as they were");
}

async function output({ page, ok, run, see, line, until }) {
  await run("Istio: Show Output");
  const filter = page.locator(".panel .viewpane-filter-container input:visible").first();
  const shown = page.locator(".output-view .view-lines").first();
  // At first the filter may still be that of the problems.
  await until(() => filter.fill("starting"), shown.filter({ hasText: /\[info\]\sstarting\s\/.*\/bin\// }), "which program");
  ok("Show Output shows which program is started");
  await filter.fill("Sending");
  await line("apiVersion").click();
  await page.keyboard.press("End");
  await page.keyboard.type("x");
  await shown.filter({ hasText: "textDocument/didChange" }).waitFor();
  await see("output");
  ok("and the messages to and fro, where the setting `trace.server` asks for them");
}

/** How often a server was started in this session, as the log of the extension says. */
function starts(workspace) {
  const logs = path.join(path.dirname(workspace), "data/logs");
  const files = readdirSync(logs, { recursive: true }).filter((file) => path.basename(file) === "istio-ls.log");
  return files.length === 0 ? 0 : readFileSync(path.join(logs, files[0]), "utf8").split("] starting ").length - 1;
}

/** The processes of the server in this session. */
function servers(workspace) {
  const own = path.dirname(workspace);
  const command = (id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8");
    } catch {
      // It has ended.
      return "";
    }
  };
  return readdirSync("/proc").filter((id) => command(id).startsWith(own) && command(id).includes("/bin/istio-ls\0lsp"));
}
