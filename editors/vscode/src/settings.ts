/** The settings for the server: what somebody set, without what only this extension reads. */

import * as vscode from "vscode";

/** What the extension itself reads. */
const OWN = ["server", "trace", "render"];

/** What the server is told. What is not set is left to `istio-ls.yaml` and to the server. */
export function configuration(): Record<string, unknown> {
  const all = vscode.workspace.getConfiguration("istio-ls");
  const render = vscode.workspace.isTrusted && all.inspect<boolean>("render")?.globalValue === true;
  const told: Record<string, unknown> = { yamlLanguageServer: runsYamlLanguageServer(), render };
  for (const key of Object.keys(all)) {
    if (OWN.includes(key) || typeof all[key] === "function") continue;
    const value = whatIsSet(all, key);
    if (value !== undefined) told[key] = value;
  }
  return told;
}

function whatIsSet(all: vscode.WorkspaceConfiguration, key: string): unknown {
  const found = all.inspect(key);
  if (found !== undefined && "defaultValue" in found && found.defaultValue !== undefined) {
    return found.workspaceFolderValue ?? found.workspaceValue ?? found.globalValue;
  }
  // An object with settings of its own below it.
  const value = all.get<Record<string, unknown>>(key);
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.keys(value).map((name) => [name, whatIsSet(all, `${key}.${name}`)] as const);
  const set = inner.filter(([, one]) => one !== undefined);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}

/** Red Hat's YAML extension compares the same files with the same schemas. */
function runsYamlLanguageServer(): boolean {
  return vscode.extensions.getExtension("redhat.vscode-yaml") !== undefined;
}
