// trust.mjs VSIX SERVER OUT: a folder that nobody trusts yet, whose settings ask for a program of its own and for Helm.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { inSession } from "./person.mjs";
import { start } from "./session.mjs";

const [vsix, server, out] = process.argv.slice(2).map((one) => path.resolve(one));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const root = mkdtempSync(path.join(tmpdir(), "trust-"));
const programs = path.join(root, "programs");
const folder = path.join(root, "charts");
const [started, rendered] = ["started", "rendered"].map((name) => path.join(root, name));

// Helm finds a port that the values say only to a function, which istio-ls by itself does not follow.
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {hosts: [web], http: [{route: [{destination: {host: web, port: {number: PORT}}}]}]}
`;
write("charts/shop/Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}\n");
write("charts/shop/values.yaml", "address: web:8080\n");
write("charts/shop/templates/web.yaml", SERVICE.replace("PORT", '{{ regexFind "[0-9]+" .Values.address }}'));
write("charts/rule.yaml", `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: web.example.com, trafficPolicy: {tls: {mode: SIMPEL}}}
`);
write("charts/.vscode/settings.json", JSON.stringify({ "istio-ls.server.path": path.join(programs, "own"), "istio-ls.render": true }));
program("own", `touch ${started}\nexec ${server} "$@"`);
const made = SERVICE.replaceAll("apiVersion", "# Source: shop/templates/web.yaml\napiVersion").replace("PORT", "8080");
program("helm", `touch ${rendered}\ncat <<'END'\n---\n${made}END`);

const settings = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };
const machine = { "istio-ls.render": true };
const session = await start({
  vsix: [vsix], folder, file: "rule.yaml", out, settings, machine, trusted: false, loginPath: `${programs}:/usr/bin:/bin`,
});
await inSession(session, out, async ({ page, ok, run, see, open, eventually }) => {
  await page.locator("#status\\.problems", { hasText: /^\s*1\s*0\s*$/ }).waitFor();
  await open("shop/templates/web.yaml", "kind: Service");
  // The server has read the chart and answers about it.
  await page.locator(".codelens-decoration").first().waitFor();
  await see("restricted");
  if (existsSync(started)) throw new Error("the program of the workspace was started");
  if (existsSync(rendered)) throw new Error("Helm was run");
  ok("in a folder that is not trusted the server of the extension finds what is wrong, and nothing else is started");

  await run("Workspaces: Manage Workspace Trust");
  await page.locator(".workspace-trust-editor .monaco-button:visible", { hasText: /^Trust/ }).first().click();
  await eventually(() => existsSync(started), "the program of the workspace");
  await see("trusted");
  ok("once it is trusted, it may choose its server");
  await page.locator("#status\\.problems", { hasText: /^\s*2\s*0\s*$/ }).waitFor();
  if (!existsSync(rendered)) throw new Error("Helm was not run");
  await page.keyboard.press("Escape");
  await page.locator(".squiggly-error").first().waitFor();
  await see("rendered");
  ok("and Helm, which the user allows, finds what the template alone does not show");
});
rmSync(root, { recursive: true, force: true });

function write(file, text) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

function program(name, text) {
  write(`programs/${name}`, `#!/bin/sh\n${text}\n`);
  chmodSync(path.join(programs, name), 0o755);
}
