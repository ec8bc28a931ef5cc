/** The extension: starts the language server and offers what the editor has no button of its own for. */

import type * as vscode from "vscode";

import { commands } from "./commands";
import { Maps } from "./map";
import { Pages } from "./pages";
import { Rules } from "./rules";
import { Server } from "./server";
import { Status } from "./status";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  server = new Server(context);
  const maps = new Maps(server);
  const pages = new Pages();
  const status = new Status(server, pages);
  context.subscriptions.push(server, maps, pages, status, ...commands(server, pages, new Rules(server, pages), status));
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
