//! Edits that turn the routes of a VirtualService into another kind.

use crate::index::Ref;
use crate::resource::istio::{RouteKind, VirtualService};
use crate::text::{Span, TextEdit};
use crate::yaml::{At, Document, Literal, Node, Place, Step};

/// Sidecars read the VirtualService too, so that another kind of routes could take away what works for them.
pub(super) fn is_for_mesh_too(service: Ref<'_, VirtualService>) -> bool {
    service.gateways.items().any(|gateway| gateway.as_str() == "mesh")
}

/// Renames the only `tls` or `tcp` route, whose key stands at `key`, to `kind`. None where its matches say more than port
/// and server names, or where routes of `kind` are there already.
pub(super) fn as_kind(document: &Document, key: Span, kind: RouteKind) -> Option<Vec<TextEdit>> {
    let (path, route) = only_route(document, key)?;
    let matches = route.get("match").and_then(Node::as_sequence);
    let matches = matches.map(|matches| matches.items.as_slice()).unwrap_or_default();
    if !matches.iter().all(|one| has_only(one, &["port", "sniHosts"])) {
        return None;
    }
    let mut edits = vec![document.rename(&path, kind.as_str())?];
    if route.get("match").is_some() {
        let place = [path.as_slice(), &[At::Index(0), At::Key("match")]].concat();
        let port = |one: &Node| one.get("port")?.as_scalar()?.text.parse::<i64>().ok();
        let ports: Option<Vec<_>> = matches.iter().map(|one| Some(Literal::map([("port", port(one)?)]))).collect();
        edits.push(match ports.filter(|ports| !ports.is_empty()) {
            Some(ports) => document.set(&place, &Literal::List(ports))?,
            None => document.remove(&place)?,
        });
    }
    Some(edits)
}

/// Turns the only `http` route into a `tls` route for the server names of the VirtualService. None where the route does
/// more than lead on.
pub(super) fn by_server_name(service: Ref<'_, VirtualService>, document: &Document) -> Option<Vec<TextEdit>> {
    let (path, route) = only_route(document, service.http.key()?)?;
    if route.get("match").is_some() {
        return None;
    }
    let names = Literal::list(service.hosts.items().map(|host| host.as_str()));
    let matches = Literal::List(vec![Literal::map([("sniHosts", names)])]);
    let item = [path.as_slice(), &[At::Index(0)]].concat();
    Some(vec![
        document.rename(&path, RouteKind::Tls.as_str())?,
        document.insert(&item, Place::First, "match", &matches)?,
    ])
}

/// The path of the key at `key`, and the only route of the list under it, which does nothing but match and lead on.
fn only_route(document: &Document, key: Span) -> Option<(Vec<At<'_>>, &Node)> {
    let path = document.path_at(key.start());
    let routes = path.steps.last().copied().map(Step::node)?.as_sequence()?;
    let [route] = routes.items.as_slice() else { return None };
    has_only(route, &["match", "route"]).then(|| (path.to_edit(), route))
}

fn has_only(node: &Node, keys: &[&str]) -> bool {
    node.as_mapping().is_some_and(|mapping| mapping.entries.iter().all(|entry| keys.contains(&entry.key.as_str())))
}
