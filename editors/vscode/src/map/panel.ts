/** The panel with the TLS map: asks the server for it, again whenever it changed, and opens what is clicked. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

import { type Server, SELECTOR } from "../server";
import type { FromWebview, Shown, TlsMap, ToWebview } from "./protocol";

export class Maps implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shown: Shown | undefined;
  private drawn = "";
  private asking = false;
  private stale = false;
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {
    server.showMap = (shown) => void this.show(shown as Shown | undefined);
    server.onMapChanged = () => void this.draw();
    this.listeners = [server.onDidChange(() => void this.draw())];
  }

  /** Opens the map of what is asked for, or of everything that is applied with the document in front. */
  async show(shown: Shown | undefined): Promise<void> {
    const uri = documentInFront()?.uri.toString();
    this.shown = shown ?? (uri === undefined ? this.shown : { uri });
    if (this.shown === undefined) {
      await vscode.window.showInformationMessage("istio-ls: open a YAML file of the mesh to see its TLS map.");
      return;
    }
    this.drawn = "";
    if (this.panel === undefined) this.open();
    else this.panel.reveal(undefined, false);
    await this.draw();
  }

  /** The map of the connections that the resource under the cursor is about. */
  async showAtCursor(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || vscode.languages.match(SELECTOR, editor.document) === 0) return this.show(undefined);
    const { line, character } = editor.selection.active;
    await this.show({ uri: editor.document.uri.toString(), position: { line, character } });
  }

  private open(): void {
    const dist = vscode.Uri.joinPath(this.context.extensionUri, "dist");
    const options = { enableScripts: true, localResourceRoots: [dist], retainContextWhenHidden: true };
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false };
    const panel = vscode.window.createWebviewPanel("istio-ls.tlsMap", "TLS map", place, options);
    panel.iconPath = vscode.Uri.joinPath(this.context.extensionUri, "media", "icon.png");
    panel.webview.onDidReceiveMessage((message: FromWebview) => void this.heard(message));
    panel.onDidChangeViewState(() => void this.draw());
    panel.onDidDispose(() => (this.panel = undefined));
    panel.webview.html = page(panel.webview, dist);
    this.panel = panel;
  }

  private async heard(message: FromWebview): Promise<void> {
    switch (message.type) {
      case "ready":
        this.drawn = "";
        return this.draw();
      case "all":
        if (this.shown !== undefined) await this.show({ uri: this.shown.uri });
        return;
      case "open": {
        const { uri, range } = message.location;
        const selection = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
        const beside = this.panel?.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;
        await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection, viewColumn: beside });
      }
    }
  }

  /** Asks for the map and hands it to the webview: one question at a time, the last answer counts. */
  private async draw(): Promise<void> {
    this.stale = true;
    while (this.stale && !this.asking && this.panel?.visible === true && this.shown !== undefined) {
      this.stale = false;
      this.asking = true;
      try {
        this.tell(await this.ask(this.shown));
      } catch (error) {
        this.tell({ type: "none", why: String(error) });
      } finally {
        this.asking = false;
      }
    }
  }

  private async ask(shown: Shown): Promise<ToWebview> {
    const { client } = this.server;
    if (client === undefined || !this.server.isRunning) return { type: "none", why: "The language server is not running." };
    const map = await client.sendRequest<TlsMap | null>("istio-ls/tlsMap", shown);
    return map === null ? { type: "none", why: "There is nothing to draw yet." } : { type: "map", map };
  }

  private tell(message: ToWebview): void {
    const text = JSON.stringify(message);
    if (text === this.drawn) return;
    this.drawn = text;
    void this.panel?.webview.postMessage(message);
  }

  dispose(): void {
    this.panel?.dispose();
    for (const listener of this.listeners) listener.dispose();
  }
}

/** The document that is edited, or one that is seen beside the map. */
function documentInFront(): vscode.TextDocument | undefined {
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  return editors.find((editor) => editor !== undefined && vscode.languages.match(SELECTOR, editor.document) > 0)?.document;
}

function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const at = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" nonce="${nonce}" href="${at("map.css")}">
<title>TLS map</title>
</head>
<body>
<header>
<input id="filter" type="search" placeholder="Filter: a name, a namespace" aria-label="Filter by name or namespace">
<div id="wires" role="group" aria-label="What is on the wire"></div>
<span id="summary" role="status"></span>
<button id="all" hidden>Whole mesh</button>
<span id="zoom" role="group" aria-label="Zoom">
<button id="out" aria-label="Zoom out">&minus;</button><button id="fit">Fit</button><button id="in" aria-label="Zoom in">+</button>
</span>
</header>
<main id="map" tabindex="-1"></main>
<aside id="why" aria-live="polite" hidden></aside>
<div id="tip" role="tooltip" hidden></div>
<script nonce="${nonce}" src="${at("webview.js")}"></script>
</body>
</html>`;
}
