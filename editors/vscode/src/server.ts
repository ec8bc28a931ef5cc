/** The language server: which program it is, and the client that talks to it. */

import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  type Executable,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";

import { configuration } from "./settings";

/** What the server looks at. */
export const SELECTOR = [
  { scheme: "file", language: "yaml" },
  { scheme: "file", language: "helm" },
];

/** The command of the server's code lenses; the map opens instead of the text that the server would answer. */
export const SHOW_TLS_MAP = "istio-ls.showTlsMap";

export class Server implements vscode.Disposable {
  /** What the server says and what is sent to and fro. */
  readonly output = vscode.window.createOutputChannel("istio-ls", { log: true });
  private readonly changed = new vscode.EventEmitter<void>();
  /** The server started, stopped or could not be started. */
  readonly onDidChange = this.changed.event;
  /** Why there is no server. */
  failure: string | undefined;
  client: LanguageClient | undefined;
  /** Opens the map for what a code lens is about. */
  showMap: (shown: object | undefined) => void = () => undefined;

  constructor(private readonly context: vscode.ExtensionContext) {
    context.subscriptions.push(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("istio-ls.server.path")) void this.restart();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
    );
  }

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  /** The version that the server says it is. */
  get version(): string | undefined {
    return this.client?.initializeResult?.serverInfo?.version;
  }

  /** The program: as the setting says, else the one in the extension, else the one on PATH. */
  get command(): string {
    const set = vscode.workspace.getConfiguration("istio-ls").get<string>("server.path", "").trim();
    if (set !== "") return set.replace(/^~(?=\/)/, process.env["HOME"] ?? "~");
    const name = process.platform === "win32" ? "istio-ls.exe" : "istio-ls";
    const bundled = this.context.asAbsolutePath(path.join("bin", name));
    return fs.existsSync(bundled) ? bundled : name;
  }

  async start(): Promise<void> {
    const program: Executable = { command: this.command, args: ["lsp"] };
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      outputChannel: this.output,
      traceOutputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: configuration(),
      middleware: this.middleware(),
    };
    const client = new LanguageClient("istio-ls", "istio-ls", program, options);
    client.onDidChangeState(() => this.changed.fire());
    this.client = client;
    this.failure = undefined;
    this.output.info(`starting ${program.command}`);
    try {
      await client.start();
    } catch (error) {
      this.failure = `${program.command} cannot be started: ${String(error)}`;
      this.output.error(this.failure);
      this.changed.fire();
      void this.complain(program.command);
    }
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client?.needsStop()) await client.stop();
    await client?.dispose();
  }

  async restart(): Promise<void> {
    await this.stop().catch((error: unknown) => this.output.warn(`the server did not stop in order: ${String(error)}`));
    await this.start();
  }

  private async complain(command: string): Promise<void> {
    const settings = "Open Settings";
    const chosen = await vscode.window.showErrorMessage(
      `The language server \`${command}\` cannot be started. Install istio-ls, or say where it is.`,
      settings,
      "Show Output",
    );
    if (chosen === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "istio-ls.server.path");
    } else if (chosen !== undefined) {
      this.output.show();
    }
  }

  private middleware(): Middleware {
    return {
      workspace: { configuration: (params) => params.items.map(() => configuration()) },
      executeCommand: (command, args, next) => {
        if (command !== SHOW_TLS_MAP) return next(command, args);
        this.showMap(args[0] as object | undefined);
        return undefined;
      },
    };
  }

  dispose(): void {
    this.changed.dispose();
    this.output.dispose();
  }
}
