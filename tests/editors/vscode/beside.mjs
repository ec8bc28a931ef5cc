// beside.mjs VSIX YAML OUT: VS Code with YAML, the extension redhat.vscode-yaml or one that goes by its name, beside this one.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { inSession } from "./person.mjs";
import { start } from "./session.mjs";

const [vsix, yaml, out] = process.argv.slice(2).map((one) => path.resolve(one));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(path.join(tmpdir(), "beside-"));
// Two mistakes: a value that no schema allows, and Istio mTLS to a host outside the mesh.
writeFileSync(path.join(folder, "pay.yaml"), `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec: {host: bank.example.com, trafficPolicy: {tls: {mode: SIMPEL}}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [pay.example.com]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec:
  host: pay.example.com
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
`);
const session = (vsix) => start({ vsix, folder, file: "pay.yaml", out });

await inSession(await session([vsix]), out, async ({ page, ok }) => {
  await page.locator("#status\\.problems", { hasText: /^\s*1\s*1\s*$/ }).waitFor();
  ok("alone, istio-ls compares with the schema too");
});
if (process.exitCode) process.exit();

await inSession(await session([vsix, yaml]), out, async ({ page, ok, see, point, word, goTo }) => {
  await page.locator("#status\\.problems", { hasText: /^\s*0\s*1\s*$/ }).waitFor();
  await goTo(22);
  const hover = page.locator(".monaco-hover:visible");
  await point(word("ISTIO_MUTUAL"), hover.filter({ hasText: "Istio mTLS is sent to pay.example.com" }), "hover");
  await see("beside");
  ok("beside the YAML extension it leaves the schema to that, and says the rest");
});
rmSync(folder, { recursive: true, force: true });
