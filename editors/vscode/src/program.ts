/** Which program is the language server, and what to do where there is none. */

import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

/** The program as it is called: as the setting says, else the one in the extension, else `istio-ls`. */
export function named(context: vscode.ExtensionContext): string {
  const set = vscode.workspace.getConfiguration("istio-ls").get<string>("server.path", "").trim();
  if (set !== "") return set.replace(/^~(?=\/)/, process.env["HOME"] ?? "~");
  const name = process.platform === "win32" ? "istio-ls.exe" : "istio-ls";
  const bundled = context.asAbsolutePath(path.join("bin", name));
  return fs.existsSync(bundled) ? bundled : name;
}

/**
 * The file of a program. A name is looked for on the PATH and nowhere else: Windows by itself would start a program of
 * that name in the folder that is open.
 */
export function find(program: string): string | undefined {
  if (path.basename(program) !== program) return isProgram(program) ? program : undefined;
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, program)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Says that there is no such program, and leads to what helps. */
export async function complain(program: string): Promise<void> {
  const [settings, help] = ["Open Settings", "How to Install"];
  const text = `No language server: there is no ${program}. Install istio-ls where the PATH finds it, or say in the settings where it is.`;
  const chosen = await vscode.window.showErrorMessage(text, settings, help);
  if (chosen === settings) {
    // The setting is the machine's on which the server runs: far away, it stands among the remote settings.
    const command = vscode.env.remoteName === undefined ? "openSettings" : "openRemoteSettings";
    await vscode.commands.executeCommand(`workbench.action.${command}`, { query: "@id:istio-ls.server.path" });
  } else if (chosen === help) {
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", "istio-ls.istio-ls#start", false);
  }
}
