// Bundles the extension into one file, and the script of the TLS map into another for the webview.
import { build } from "esbuild";

const common = { bundle: true, minify: true, legalComments: "none", logLevel: "warning" };
await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  outfile: "dist/extension.js",
});
await build({
  ...common,
  entryPoints: ["src/map/webview.ts", "src/map/map.css"],
  platform: "browser",
  target: "es2022",
  outdir: "dist",
});
