// server.mjs VSIX OUT: the check of the workspace, the server started anew, and what is said of it in VS Code, as a person does.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { inSession } from "./person.mjs";
import { start } from "./session.mjs";

const [vsix, out] = process.argv.slice(2).map((one) => path.resolve(one));
const folder = path.resolve(import.meta.dirname, "../../../examples/shop-broken");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const session = {
  // A terminal that is drawn as text can be read.
  settings: { "terminal.integrated.gpuAcceleration": "off", "istio-ls.trace.server": "messages" },
  keys: [{ key: "f9", command: "istio-ls.restart" }],
};
await inSession(await start({ vsix, folder, file: "ingress.yaml", out, ...session }), out, async (me) => {
  await problems(me);
  await check(me);
  await restart(me);
  await output(me);
});

/** As many as there are, each once. */
function problems({ page }) {
  return page.locator("#status\\.problems", { hasText: /^\s*12\s*2\s*$/ }).waitFor();
}

async function check({ page, ok, run, see, ...me }) {
  await run("Istio: Check Workspace");
  const terminal = page.locator(".terminal .xterm-rows", { hasText: "12 errors, 2 warnings in 56 resources of 13 files" });
  await terminal.filter({ hasText: "press any key to close it" }).waitFor();
  await see("check");
  if (/failed to launch|exit code/.test(await terminal.innerText())) throw new Error("a check that finds something has not failed");
  ok("Check Workspace shows what the check of the command line says");
  await problems({ page, ...me });
  ok("no problem is told twice");
}

async function restart({ page, ok, see, workspace, eventually, ...me }) {
  const [first, ...others] = servers(workspace);
  if (first === undefined || others.length > 0) throw new Error("there is not one server");
  // Faster than a server stops.
  for (let times = 0; times < 3; times++) await page.keyboard.press("F9");
  await eventually(() => {
    const now = servers(workspace);
    return now.length === 1 && now[0] !== first;
  }, "one server, another one");
  await problems({ page, ...me });
  await see("restarted");
  if ((await page.locator(".notification-list-item").count()) > 0) throw new Error("something is complained about");
  ok("however often it is asked for, there is one new server, and each problem once");
}

async function output({ page, ok, run, see }) {
  await run("Istio: Show Output");
  const filter = page.locator(".panel .viewpane-filter-container input:visible").first();
  const shown = (text) => page.locator(".output-view .view-line", { hasText: text }).first().waitFor();
  await filter.fill("starting");
  await shown(/\[info\]\sstarting\s\/.*/);
  await see("output");
  ok("Show Output shows what the extension and the server say");
  await filter.fill("Sending request");
  await shown(/Sending\srequest\s'/);
  await see("trace");
  ok("the conversation is written there, as istio-ls.trace.server says");
}

/** The processes of the server in this session. */
function servers(workspace) {
  const extensions = path.join(path.dirname(workspace), "extensions");
  const command = (id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8");
    } catch {
      // It has just ended.
      return "";
    }
  };
  return readdirSync("/proc").filter((id) => /^\d+$/.test(id) && command(id).startsWith(extensions) && command(id).includes("/bin/istio-ls\0lsp"));
}
