/** The commands of the palette. That of the map is the server's own, see `Server.middleware`. */

import * as vscode from "vscode";

import { showEffectiveTls } from "./effective";
import type { Pages } from "./pages";
import type { Rules } from "./rules";
import type { Server } from "./server";
import type { Status } from "./status";

export function commands(server: Server, pages: Pages, rules: Rules, status: Status): vscode.Disposable[] {
  const all: Record<string, (...args: never[]) => unknown> = {
    restart: () => server.restart(),
    showOutput: () => server.output.show(),
    showVersion: () => showVersion(server),
    checkWorkspace: () => checkWorkspace(server),
    openRulePage: (rule?: string) => rules.open(rule),
    showEffectiveTls: () => showEffectiveTls(server, pages),
    showStatus: () => status.open(),
    showReferences: (...[uri, position, locations]: Places) => showReferences(uri, position, locations),
  };
  return Object.entries(all).map(([name, run]) => vscode.commands.registerCommand(`istio-ls.${name}`, run));
}

type Place = { line: number; character: number };
type Places = [uri: string, position: Place, locations: { uri: string; range: { start: Place; end: Place } }[]];

/** What a lens leads to: the places, in the terms of the protocol. */
async function showReferences(...[uri, position, locations]: Places): Promise<void> {
  const at = (place: Place) => new vscode.Position(place.line, place.character);
  const places = locations.map(
    ({ uri, range }) => new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(at(range.start), at(range.end))),
  );
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), at(position), places);
}

async function showVersion(server: Server): Promise<void> {
  const extension = vscode.extensions.getExtension("istio-ls.istio-ls");
  const version = (extension?.packageJSON as { version?: string } | undefined)?.version ?? "unknown";
  const program = server.version === undefined ? "not running" : `${server.version} (${server.command})`;
  await vscode.window.showInformationMessage(`istio-ls: extension ${version}, server ${program}`);
}

/** Shows what CI says of each folder. Its findings are links there; those of the server stand among the problems already. */
async function checkWorkspace(server: Server): Promise<void> {
  if (!server.isThere()) return;
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    await vscode.window.showInformationMessage("istio-ls: open a folder to check it.");
  }
  for (const folder of folders) {
    const run = new vscode.ProcessExecution(server.command, ["check", ".", "--fail-on", "never"], { cwd: folder.uri.fsPath });
    const task = new vscode.Task({ type: "istio-ls" }, folder, `check ${folder.name}`, "istio-ls", run);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
    await vscode.tasks.executeTask(task);
  }
}
