/** The pages of the rules, as the server explains them. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";

import type { Pages } from "./pages";
import type { Server } from "./server";

const run = promisify(execFile);

export class Rules {
  constructor(
    private readonly server: Server,
    private readonly pages: Pages,
  ) {}

  /** Opens the page of `rule`; without one, of the finding under the cursor; without that too, of one to choose. */
  async open(rule?: string): Promise<void> {
    if (!this.server.isThere()) return;
    const id = rule ?? underCursor() ?? (await this.choose());
    if (id !== undefined) await this.pages.open(id, () => this.ask("explain", id));
  }

  private async choose(): Promise<string | undefined> {
    const rules = (await this.ask("rules")).matchAll(/^([a-z][a-z-]+) +([a-z]+) +((?:[A-Z]+\d+,?)*) +(.*)$/gm);
    const items = [...rules].map(([, label = "", severity, codes, detail = ""]) => ({ label, description: `${severity} ${codes}`, detail }));
    const options = { placeHolder: "A rule of istio-ls", matchOnDescription: true, matchOnDetail: true };
    return (await vscode.window.showQuickPick(items, options))?.label;
  }

  private async ask(...args: string[]): Promise<string> {
    return (await run(this.server.command, args, { maxBuffer: 1 << 24 })).stdout;
  }
}

/** The rule of the finding at the cursor. */
function underCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const findings = vscode.languages.getDiagnostics(editor.document.uri);
  const here = findings.find((finding) => finding.source === "istio-ls" && finding.range.contains(editor.selection.active));
  const code = typeof here?.code === "object" ? here.code.value : here?.code;
  return code?.toString();
}
