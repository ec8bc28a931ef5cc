/** Where the conversation with the server is written down. */

import * as vscode from "vscode";

const SETTING = "istio-ls.trace.server";

/** `output` as a channel for the conversation: the client asks it for its level, but it is the setting that decides. */
export class Trace implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.LogLevel>();
  private readonly listener = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(SETTING)) this.changed.fire(level());
  });
  readonly channel: vscode.LogOutputChannel;

  constructor(output: vscode.LogOutputChannel) {
    this.channel = Object.create(output, {
      logLevel: { get: level },
      onDidChangeLogLevel: { value: this.changed.event },
      trace: { value: (message: string) => output.info(message) },
    }) as vscode.LogOutputChannel;
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }
}

function level(): vscode.LogLevel {
  const set = vscode.workspace.getConfiguration().get<string>(SETTING, "off");
  return set === "off" ? vscode.LogLevel.Info : vscode.LogLevel.Trace;
}
