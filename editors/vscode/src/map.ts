/** The panel with the TLS map: the picture that the server draws, drawn anew while somebody types. */

import * as vscode from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import { SELECTOR, SHOW_TLS_MAP, type Server } from "./server";

/** So long nothing is typed before the map is drawn anew, in milliseconds. */
const PAUSE = 150;

export class Maps implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  /** The argument of the server's command: a document, and which connections. */
  private shown: object | undefined;
  private pause: NodeJS.Timeout | undefined;
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
    if (this.panel === undefined) {
      this.panel = vscode.window.createWebviewPanel("istio-ls.tlsMap", "TLS Map", vscode.ViewColumn.Beside);
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.panel.onDidChangeViewState(() => this.later());
    } else {
      this.panel.reveal();
    }
    await this.draw();
  }

  private later(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.draw(), PAUSE);
  }

  private async draw(): Promise<void> {
    const { client } = this.server;
    if (this.panel?.visible !== true || this.shown === undefined || client === undefined || !this.server.isRunning) return;
    const asked = { command: SHOW_TLS_MAP, arguments: [{ ...this.shown, format: "svg" }] };
    const svg: unknown = await client.sendRequest(ExecuteCommandRequest.type, asked);
    if (typeof svg === "string") this.panel.webview.html = page(svg);
  }

  dispose(): void {
    clearTimeout(this.pause);
    this.panel?.dispose();
    for (const listener of this.listeners) listener.dispose();
  }
}

/** The document that is edited, or one that is seen beside the map. */
function documentInFront(): vscode.TextDocument | undefined {
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  return editors.find((editor) => editor !== undefined && vscode.languages.match(SELECTOR, editor.document) > 0)?.document;
}

/** Nothing but the picture: no script, no style, nothing from elsewhere. */
function page(svg: string): string {
  const picture = Buffer.from(svg).toString("base64");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:">
<title>TLS map</title>
<img alt="The TLS map" src="data:image/svg+xml;base64,${picture}">
</html>`;
}
