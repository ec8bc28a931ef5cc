/** The panel with the TLS map: the page that the server makes, and new data for it while somebody types. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import { SELECTOR, SHOW_TLS_MAP, type Server } from "./server";

/** So long nothing is typed before the map is drawn anew, in milliseconds. */
const PAUSE = 150;

/** What the page says: it is there, or a resource is to be opened. Lines count from one. */
type Said = { ready: true } | { open: { file: string; line: number } };

export class Maps implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  /** The argument of the server's command: a document, and which connections. */
  private shown: object | undefined;
  private pause: NodeJS.Timeout | undefined;
  /** How often the map was asked for: an answer that comes after a later question is old. */
  private turn = 0;
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly server: Server) {
    server.showMap = (shown) => void this.show(shown);
    this.listeners = [
      server.onDidChange(() => this.later()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (vscode.languages.match(SELECTOR, document) > 0) this.later();
      }),
    ];
  }

  /** Opens the map of what is asked for, or of everything that is applied with the document in front. */
  private async show(shown: object | undefined): Promise<void> {
    const uri = documentInFront()?.uri.toString();
    this.shown = shown ?? (uri === undefined ? this.shown : { uri });
    if (this.shown === undefined) {
      await vscode.window.showInformationMessage("istio-ls: open a YAML file of the mesh to see its TLS map.");
      return;
    }
    if (this.panel !== undefined) {
      this.panel.reveal();
      await this.draw();
      return;
    }
    const options = { enableScripts: true, localResourceRoots: [] };
    const panel = vscode.window.createWebviewPanel("istio-ls.tlsMap", "TLS Map", vscode.ViewColumn.Beside, options);
    this.panel = panel;
    panel.onDidDispose(() => (this.panel = undefined));
    panel.webview.onDidReceiveMessage((said: Said) => void ("open" in said ? open(said.open) : this.draw()));
    await this.fill(panel.webview);
  }

  private later(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.draw(), PAUSE);
  }

  /** Loads the page. It says that it is ready each time it is made, also when it was hidden, and is sent the newest data. */
  private async fill(webview: vscode.Webview): Promise<void> {
    const page = await this.ask({ format: "html", nonce: randomBytes(16).toString("hex") });
    if (typeof page === "string") webview.html = page;
  }

  /** Sends new data to the page, which keeps zoom, filter and what is chosen. */
  private async draw(): Promise<void> {
    const webview = this.panel?.webview;
    if (this.panel?.visible !== true || webview === undefined) return;
    if (webview.html === "") return this.fill(webview);
    const turn = ++this.turn;
    const picture = await this.ask({ format: "data" });
    if (picture && turn === this.turn) await webview.postMessage({ picture });
  }

  private async ask(form: object): Promise<unknown> {
    const { client } = this.server;
    if (this.shown === undefined || client === undefined || !this.server.isRunning) return undefined;
    return client.sendRequest(ExecuteCommandRequest.type, { command: SHOW_TLS_MAP, arguments: [{ ...this.shown, ...form }] });
  }

  dispose(): void {
    clearTimeout(this.pause);
    this.panel?.dispose();
    for (const listener of this.listeners) listener.dispose();
  }
}

/** Goes to a line, beside the map. */
async function open({ file, line }: { file: string; line: number }): Promise<void> {
  const start = new vscode.Position(line - 1, 0);
  const uri = vscode.Uri.file(file);
  const column = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString())?.viewColumn;
  await vscode.window.showTextDocument(uri, { viewColumn: column ?? vscode.ViewColumn.One, selection: new vscode.Range(start, start) });
}

/** The document that is edited, or one that is seen beside the map. */
function documentInFront(): vscode.TextDocument | undefined {
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  return editors.find((editor) => editor !== undefined && vscode.languages.match(SELECTOR, editor.document) > 0)?.document;
}
