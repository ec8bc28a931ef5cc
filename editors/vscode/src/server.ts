/** The language server: its program and the client that talks to it. */

import * as vscode from "vscode";
import {
  type Executable,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";

import { complain, find, named } from "./program";
import { configuration } from "./settings";
import { Trace } from "./trace";

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
  private readonly trace = new Trace(this.output);
  private readonly changed = new vscode.EventEmitter<void>();
  /** The server started, stopped or could not be started. */
  readonly onDidChange = this.changed.event;
  /** Why there is no server. */
  failure: string | undefined;
  client: LanguageClient | undefined;
  /** What was asked for last: starting, stopping. It never fails. */
  private turn = Promise.resolve();
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

  /** The program; its whole path where it is there. */
  get command(): string {
    const program = named(this.context);
    return find(program) ?? program;
  }

  start(): Promise<void> {
    return this.inTurn(() => this.launch());
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      await this.launch();
    });
  }

  /** One after the other: of two restarts at once, neither would know what the other has started. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    return (this.turn = this.turn.then(act));
  }

  private async launch(): Promise<void> {
    // Looked for first: of a program that is not there the client would complain in words of its own.
    if (!this.isThere()) return;
    const program: Executable = { command: this.command, args: ["lsp"] };
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      outputChannel: this.output,
      traceOutputChannel: this.trace.channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: configuration(),
      // The server is told that something changed, and asks what.
      synchronize: { configurationSection: "istio-ls" },
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

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client?.needsStop() !== true) return;
    await client.stop().catch((error: unknown) => this.output.warn(`the server did not stop in order: ${String(error)}`));
  }

  /** The program can be started; if not, says once what to do. */
  isThere(): boolean {
    const program = named(this.context);
    if (find(program) !== undefined) return true;
    this.fail(`there is no program ${program}`);
    void complain(program);
    return false;
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
    this.trace.dispose();
    this.output.dispose();
  }
}
