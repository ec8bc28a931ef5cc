/** What the server is doing, beside the language in the status bar. */

import * as vscode from "vscode";

import { SELECTOR, type Server } from "./server";

export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem("istio-ls", SELECTOR);
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.item.name = "istio-ls";
    this.listeners = [
      server.onDidChange(() => this.show()),
      vscode.languages.onDidChangeDiagnostics(() => this.show()),
    ];
    this.show();
  }

  private show(): void {
    const { server, item } = this;
    item.busy = !server.isRunning && server.failure === undefined;
    if (server.failure !== undefined) {
      item.severity = vscode.LanguageStatusSeverity.Error;
      item.text = "istio-ls is not running";
      item.detail = server.failure;
      item.command = { title: "Restart", command: "istio-ls.restart" };
      return;
    }
    const [errors, warnings] = findings();
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.text = server.isRunning ? `istio-ls ${server.version ?? ""}`.trim() : "istio-ls starts";
    item.detail = `${counted(errors, "error")}, ${counted(warnings, "warning")} in the workspace`;
    item.command = { title: "TLS Map", command: "istio-ls.showTlsMap" };
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.item.dispose();
  }
}

function findings(): [number, number] {
  const all = vscode.languages.getDiagnostics().flatMap(([, findings]) => findings);
  const own = all.filter((finding) => finding.source === "istio-ls");
  const count = (severity: vscode.DiagnosticSeverity) => own.filter((one) => one.severity === severity).length;
  return [count(vscode.DiagnosticSeverity.Error), count(vscode.DiagnosticSeverity.Warning)];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
