/** What the server tells about the map (`istio-ls/tlsMap`), and what panel and webview say to each other. */

import type { Location } from "vscode-languageclient";

/** What the map shows: the scope of a document, and which of its connections. */
export interface Shown {
  uri: string;
  from?: string;
  to?: string;
  gateway?: string;
  /** Only what the resource at this place is about. */
  position?: { line: number; character: number };
}

/** The map of a scope. Boxes and lines carry their places in `nodes` and `edges` as `data-node` and `data-edge`. */
export interface TlsMap {
  /** What is applied together. */
  scope: string;
  /** Which connections of it are shown; empty for all of them. */
  only: string;
  summary: string;
  svg: string;
  nodes: Node[];
  edges: Edge[];
}

export interface Node {
  name: string;
  about: string;
  /** The resources that it stands for. */
  members: { name: string; location?: Location }[];
}

export interface Edge {
  from: number;
  to: number;
  title: string;
  wire: string;
  calls: Call[];
}

export interface Call {
  what: string;
  /** Why, in the order in which istiod looks. */
  because: { text: string; location?: Location }[];
}

/** From the panel. */
export type ToWebview = { type: "map"; map: TlsMap } | { type: "none"; why: string };

/** From the webview. */
export type FromWebview = { type: "ready" } | { type: "open"; location: Location } | { type: "all" };
