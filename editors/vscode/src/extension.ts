/** The extension: starts the language server and offers what the editor has no button of its own for. */

import type * as vscode from "vscode";

import { commands } from "./commands";
import { Maps } from "./map";
import { Rules } from "./rules";
import { Server } from "./server";
import { Status } from "./status";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  server = new Server(context);
  const maps = new Maps(server);
  const rules = new Rules(server);
  context.subscriptions.push(server, maps, rules, new Status(server), ...commands(server, rules));
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
