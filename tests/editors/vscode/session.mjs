// VS Code as a person has it: the extension from its .vsix, a folder, a browser window. One profile and port a session.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

const tools = process.env.VSCODE_TOOLS;
const { chromium } = createRequire(path.join(tools, "package.json"))("playwright-core");
const program = path.join(tools, "node_modules/code-server/out/node/entry.js");

/** What keeps the editor from asking, suggesting and fetching. */
const SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.accessibilitySupport": "off",
  "editor.hover.delay": 100,
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.commandCenter": false,
  "workbench.enableExperiments": false,
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

const SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

/** A browser without a window. */
export function launch(env = process.env) {
  return chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, env, args: SWITCHES });
}

/**
 * Starts VS Code with the extensions `vsix` over a copy of `folder` and opens `file` of it; `machine` are the settings of the
 * machine that VS Code's server runs on, `loginPath` is the user's PATH. Answers with the page and what belongs to it.
 */
export async function start({
  vsix, folder, file, out, settings = {}, machine = {}, keys = [], loginPath, trusted = true, viewport = { width: 1280, height: 800 },
}) {
  const root = mkdtempSync(path.join(tmpdir(), "vscode-"));
  const workspace = path.join(root, path.basename(folder));
  cpSync(folder, workspace, { recursive: true });
  for (const whose of ["User", "Machine"]) mkdirSync(path.join(root, "data", whose), { recursive: true });
  writeFileSync(path.join(root, "data/User/settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  writeFileSync(path.join(root, "data/Machine/settings.json"), JSON.stringify(machine));
  writeFileSync(path.join(root, "data/User/keybindings.json"), JSON.stringify(keys));
  // VS Code has the PATH of the user's login shell.
  if (loginPath !== undefined) writeFileSync(path.join(root, ".bash_profile"), `export PATH=${loginPath}\n`);
  const gallery = JSON.stringify({ serviceUrl: "", itemUrl: "", resourceUrlTemplate: "" });
  const home = { HOME: root, XDG_CONFIG_HOME: path.join(root, "config"), XDG_DATA_HOME: path.join(root, "share") };
  const env = { ...process.env, ...home, SHELL: "/bin/bash", EXTENSIONS_GALLERY: gallery };
  for (const name of Object.keys(env)) if (/^(VSCODE_|npm_config_|PORT$|PASSWORD$)/.test(name)) delete env[name];
  const places = ["--user-data-dir", path.join(root, "data"), "--extensions-dir", path.join(root, "extensions")];

  for (const one of vsix) {
    const installed = spawnSync(process.execPath, [program, ...places, "--install-extension", one], { env, encoding: "utf8" });
    if (!/successfully installed/.test(installed.stdout)) {
      rmSync(root, { recursive: true });
      throw new Error(`${one} is not installed: ${installed.stdout}${installed.stderr}`);
    }
  }

  const port = await freePort();
  const log = openSync(path.join(out, "code-server.log"), "w");
  const served = spawn(process.execPath, [program, ...places, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`,
    "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override",
    ...(trusted ? ["--disable-workspace-trust"] : [])],
  { env, stdio: ["ignore", log, log], detached: true });
  let browser;
  const stop = async () => {
    await browser?.close().catch(() => undefined);
    const ended = new Promise((resolve) => served.once("exit", resolve));
    if (served.exitCode === null && served.signalCode === null) {
      process.kill(-served.pid, "SIGTERM");
      await ended;
    }
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  };
  try {
    const address = `http://127.0.0.1:${port}`;
    await answers(address);
    browser = await launch(env);
    const page = await (await browser.newContext({ viewport })).newPage();
    page.setDefaultTimeout(60_000);
    const payload = JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${port}${path.join(workspace, file)}`]]);
    const query = new URLSearchParams({ folder: workspace, payload });
    await page.goto(`${address}/?${query}`, { waitUntil: "domcontentloaded" });
    return { page, workspace, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answers(address) {
  for (let tries = 0; tries < 600; tries++) {
    const up = await fetch(`${address}/healthz`).then((answer) => answer.ok, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("code-server does not answer");
}
