/** What the server makes of the file in front, beside the language in the status bar. */

import * as vscode from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import type { Pages } from "./pages";
import { SELECTOR, type Server } from "./server";

/** So long nothing changes before the server is asked, in milliseconds. */
const PAUSE = 100;

/** The answer of the server's command. */
interface Answer {
  scopes: { title: string; files: number; resources: number; namespace: string; meshConfig: string }[];
  istioVersion: string | null;
  findings: number;
}

export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem("istio-ls", SELECTOR);
  private readonly listeners: vscode.Disposable[];
  private pause: NodeJS.Timeout | undefined;
  /** How often the server was asked: an answer that comes after a later question is old. */
  private turn = 0;

  constructor(
    private readonly server: Server,
    private readonly pages: Pages,
  ) {
    this.item.name = "istio-ls";
    this.listeners = [
      server.onDidChange(() => this.later()),
      vscode.window.onDidChangeActiveTextEditor(() => this.later()),
      vscode.languages.onDidChangeDiagnostics(() => this.later()),
    ];
    void this.show();
  }

  /** Opens all that is known of the file in front. */
  async open(): Promise<void> {
    const uri = inFront();
    if (uri === undefined) {
      await vscode.window.showInformationMessage("istio-ls: open a YAML file to see what it belongs to.");
      return;
    }
    await this.pages.open(`Status of ${uri.path.replace(/.*\//, "")}`, async () => this.page(uri, await this.ask(uri)));
  }

  private later(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.show(), PAUSE);
  }

  private async show(): Promise<void> {
    const { server, item } = this;
    const turn = ++this.turn;
    item.busy = !server.isRunning && server.failure === undefined;
    if (server.failure !== undefined) {
      item.severity = vscode.LanguageStatusSeverity.Error;
      item.text = "istio-ls is not running";
      item.detail = server.failure;
      item.command = { title: "Restart", command: "istio-ls.restart" };
      return;
    }
    const uri = inFront();
    const answer = uri && (await this.ask(uri));
    if (turn !== this.turn) return;
    const [errors, warnings] = findings();
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.text = answer === undefined ? "istio-ls starts" : scope(answer);
    const found = errors + warnings === 0 ? "no problems" : `${counted(errors, "error")}, ${counted(warnings, "warning")}`;
    const mesh = [...new Set(answer?.scopes.map((one) => one.meshConfig))].join(", ");
    item.detail = mesh === "" ? found : `${found}; mesh: ${mesh}`;
    item.command = { title: "Details", command: "istio-ls.showStatus", tooltip: "Scopes, resources and what is in force" };
  }

  /** Nothing while the server does not answer. */
  private async ask(uri: vscode.Uri): Promise<Answer | undefined> {
    const { client } = this.server;
    if (client === undefined || !this.server.isRunning) return undefined;
    const asked = { command: "istio-ls.status", arguments: [{ uri: client.code2ProtocolConverter.asUri(uri) }] };
    return client.sendRequest(ExecuteCommandRequest.type, asked).catch(() => undefined) as Promise<Answer | undefined>;
  }

  private page(uri: vscode.Uri, answer: Answer | undefined): string {
    const title = `# istio-ls and ${vscode.workspace.asRelativePath(uri)}`;
    if (answer === undefined) return `${title}\n\nThe language server does not answer: *Istio: Show Output* says why.\n`;
    const rows = answer.scopes.map(
      ({ title, resources, files, namespace, meshConfig }) => `| ${title} | ${resources} in ${counted(files, "file")} | ${namespace} | ${meshConfig} |`,
    );
    const head = ["| scope | resources | without a namespace | mesh configuration |", "|---|---|---|---|"];
    const [errors, warnings] = findings();
    return [
      title,
      rows.length === 0 ? "Nothing is applied of this file by itself." : [...head, ...rows].join("\n"),
      [
        `- Istio: ${answer.istioVersion ?? "the newest known"} (setting \`istioVersion\`)`,
        `- ${counted(answer.findings, "finding")} in this file; ${counted(errors, "error")} and ${counted(warnings, "warning")} in the workspace`,
        `- server ${this.server.version ?? "?"}: \`${this.server.command}\``,
      ].join("\n"),
      "What is applied together is found by kustomizations, charts and GitOps applications; `scopes` in `istio-ls.yaml` says it otherwise.\n",
    ].join("\n\n");
  }

  dispose(): void {
    clearTimeout(this.pause);
    for (const listener of this.listeners) listener.dispose();
    this.item.dispose();
  }
}

function scope({ scopes }: Answer): string {
  const [first] = scopes;
  if (first === undefined) return "nothing applied by itself";
  return scopes.length > 1 ? `${scopes.length} scopes` : `${first.title}: ${counted(first.resources, "resource")}`;
}

function inFront(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document !== undefined && vscode.languages.match(SELECTOR, document) > 0 ? document.uri : undefined;
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
