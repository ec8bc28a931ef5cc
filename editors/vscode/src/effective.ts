/** The effective TLS of what the cursor is on, as a page: what is on the wire, who decides, who calls and whom it calls. */

import * as vscode from "vscode";
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  type CallHierarchyItem,
  CallHierarchyPrepareRequest,
  HoverRequest,
  type LanguageClient,
  MarkupContent,
  type TextDocumentPositionParams,
} from "vscode-languageclient/node";

import type { Pages } from "./pages";
import { SELECTOR, type Server } from "./server";

/** Opens the page beside the editor. */
export async function showEffectiveTls(server: Server, pages: Pages): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const { client } = server;
  if (editor === undefined || vscode.languages.match(SELECTOR, editor.document) === 0) {
    await vscode.window.showInformationMessage("istio-ls: put the cursor on a host, a subset, a TLS mode or a resource.");
  } else if (client === undefined || !server.isRunning) {
    await vscode.window.showInformationMessage("istio-ls: the language server is not running.");
  } else {
    const at = client.code2ProtocolConverter.asTextDocumentPositionParams(editor.document, editor.selection.active);
    const place = `${vscode.workspace.asRelativePath(editor.document.uri)}:${at.position.line + 1}`;
    await pages.open(`TLS at line ${at.position.line + 1}`, () => page(client, at, place), true);
  }
}

async function page(client: LanguageClient, at: TextDocumentPositionParams, place: string): Promise<string> {
  const [hover, items] = await Promise.all([
    client.sendRequest(HoverRequest.type, at),
    client.sendRequest(CallHierarchyPrepareRequest.type, at),
  ]);
  const parts = ["# Effective TLS", `at ${place}`];
  if (MarkupContent.is(hover?.contents)) parts.push(hover.contents.value);
  for (const item of items ?? []) parts.push(...(await traffic(client, item)));
  if (parts.length === 2) parts.push("Nothing is on the wire here: put the cursor on a host, a subset, a TLS mode or a resource.");
  return `${parts.join("\n\n")}\n`;
}

async function traffic(client: LanguageClient, item: CallHierarchyItem): Promise<string[]> {
  const [incoming, outgoing] = await Promise.all([
    client.sendRequest(CallHierarchyIncomingCallsRequest.type, { item }),
    client.sendRequest(CallHierarchyOutgoingCallsRequest.type, { item }),
  ]);
  return [
    ...list(`Who calls \`${item.name}\``, incoming?.map((call) => call.from) ?? []),
    ...list(`Whom \`${item.name}\` calls`, outgoing?.map((call) => call.to) ?? []),
  ];
}

function list(title: string, ends: CallHierarchyItem[]): string[] {
  if (ends.length === 0) return [];
  const ofEnd = ({ name, detail, uri, selectionRange }: CallHierarchyItem) => {
    const place = `${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}:${selectionRange.start.line + 1}`;
    return `- **${name}** ${detail ?? ""} (${place})`;
  };
  return [`### ${title}`, ends.map(ofEnd).join("\n")];
}
