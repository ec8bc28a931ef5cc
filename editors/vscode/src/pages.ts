/** Pages to read: Markdown that is asked for when it is shown, and again when it may have changed. */

import * as vscode from "vscode";

const SCHEME = "istio-ls";

type Make = () => Promise<string>;

export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly makers = new Map<string, Make>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return (await this.makers.get(uri.path)?.()) ?? "This page is of an earlier session: run its command again.";
  }

  /** Opens the page of this title, which `make` writes; beside what is edited if it is about that. */
  async open(title: string, make: Make, beside = false): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title}.md` });
    this.makers.set(uri.path, make);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand(beside ? "markdown.showPreviewToSide" : "markdown.showPreview", uri);
    } catch {
      // Without the Markdown extension the page is read as it is written.
      const column = beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
      await vscode.window.showTextDocument(uri, { viewColumn: column, preview: true });
    }
  }

  dispose(): void {
    this.registered.dispose();
    this.changed.dispose();
  }
}
