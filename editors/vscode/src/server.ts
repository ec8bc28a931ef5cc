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
  { scheme: "untitled", language: "yaml" },
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
    // Looked for first: of a program that is not there the client would complain in words of its own.
    if (!this.isThere()) return;
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
    client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        capabilities.experimental = { commands: ["istio-ls.showReferences"] };
      },
      initialize: () => undefined,
      getState: () => ({ kind: "static" }),
      clear: () => undefined,
    });
    client.onDidChangeState(() => this.announce());
    this.client = client;
    this.failure = undefined;
    this.output.info(`starting ${program.command}`);
    try {
      await client.start();
    } catch (error) {
      this.fail(`${program.command} does not start: ${String(error)}`);
    }
  }

  /** The program can be started; if not, says once what to do. */
  isThere(): boolean {
    const { command } = this;
    if (isProgram(command)) return true;
    this.fail(`there is no program ${command}`);
    void complain(command);
    return false;
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

  private fail(why: string): void {
    this.failure = why;
    this.output.error(why);
    this.announce();
  }

  private announce(): void {
    void vscode.commands.executeCommand("setContext", "istio-ls.isRunning", this.isRunning);
    this.changed.fire();
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

/** `command` is a path, or a name on the PATH. */
function isProgram(command: string): boolean {
  const folders = path.basename(command) === command ? (process.env["PATH"] ?? "").split(path.delimiter) : [""];
  return folders.some((folder) => {
    try {
      const file = path.join(folder, command);
      fs.accessSync(file, fs.constants.X_OK);
      return fs.statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

async function complain(command: string): Promise<void> {
  const [settings, help] = ["Open Settings", "How to Install"];
  const text = `No language server: there is no ${command}. Install istio-ls where the PATH finds it, or say in the settings where it is.`;
  const chosen = await vscode.window.showErrorMessage(text, settings, help);
  if (chosen === settings) {
    // The setting is the machine's on which the server runs: far away, it stands among the remote settings.
    const command = vscode.env.remoteName === undefined ? "openSettings" : "openRemoteSettings";
    await vscode.commands.executeCommand(`workbench.action.${command}`, { query: "@id:istio-ls.server.path" });
  } else if (chosen === help) {
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", "istio-ls.istio-ls#start", false);
  }
}
