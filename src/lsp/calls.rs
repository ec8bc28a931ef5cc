//! The call hierarchy: traffic with what is on the wire.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tower_lsp_server::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Position, SymbolKind,
};

use super::convert;
use super::service::Session;
use crate::ide::{self, CallNode, End};
use crate::resource::Kind;
use crate::workspace::Snapshot;

/// What an item stands for, as the client hands it back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Data {
    Host(String),
    Resource { group: String, kind: String, namespace: String, name: String },
}

impl Data {
    fn of(end: &End) -> Self {
        match end {
            End::Host(host) => Self::Host(host.clone()),
            End::Resource(kind, namespace, name) => Self::Resource {
                group: kind.group().to_owned(),
                kind: kind.as_str().to_owned(),
                namespace: namespace.clone(),
                name: name.clone(),
            },
        }
    }

    fn end(self) -> Option<End> {
        Some(match self {
            Self::Host(host) => End::Host(host),
            Self::Resource { group, kind, namespace, name } => {
                End::Resource(Kind::find(&group, &kind)?, namespace, name)
            }
        })
    }
}

pub(super) fn prepare(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    position: Position,
) -> Option<Vec<CallHierarchyItem>> {
    let offset = convert::offset(snapshot.file(path)?, position, session.client().encoding);
    let node = ide::prepare_calls(&snapshot.scoped(path)?, path, offset)?;
    Some(vec![item(session, snapshot, node)?])
}

/// Who calls `item`. The ranges are the caller's own, since a call is made of many places.
pub(super) fn incoming(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    item_asked: CallHierarchyItem,
) -> Option<Vec<CallHierarchyIncomingCall>> {
    let calls = ide::incoming_calls(&snapshot.scoped(path)?, &end(item_asked)?).into_iter();
    let calls = calls.filter_map(|node| item(session, snapshot, node));
    let call = |from: CallHierarchyItem| CallHierarchyIncomingCall { from_ranges: vec![from.selection_range], from };
    Some(calls.map(call).collect())
}

/// Whom `item` calls.
pub(super) fn outgoing(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    item_asked: CallHierarchyItem,
) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let from_ranges = vec![item_asked.selection_range];
    let calls = ide::outgoing_calls(&snapshot.scoped(path)?, &end(item_asked)?).into_iter();
    let calls = calls.filter_map(|node| item(session, snapshot, node));
    Some(calls.map(|to| CallHierarchyOutgoingCall { to, from_ranges: from_ranges.clone() }).collect())
}

fn end(item: CallHierarchyItem) -> Option<End> {
    serde_json::from_value::<Data>(item.data?).ok()?.end()
}

fn item(session: &Session, snapshot: &Snapshot, node: CallNode) -> Option<CallHierarchyItem> {
    let (file, encoding) = (snapshot.file(&node.place.path)?, session.client().encoding);
    Some(CallHierarchyItem {
        name: node.name,
        kind: if matches!(node.end, End::Host(_)) { SymbolKind::INTERFACE } else { SymbolKind::OBJECT },
        tags: None,
        detail: Some(node.detail),
        uri: session.uri(&node.place.path)?,
        range: convert::range(file, node.full, encoding),
        selection_range: convert::range(file, node.place.span, encoding),
        data: serde_json::to_value(Data::of(&node.end)).ok(),
    })
}
