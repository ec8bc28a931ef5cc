//! Which clients call a service, and which of them read a DestinationRule for it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use smol_str::SmolStr;

use super::client::{Client, ClientKind, clients_in, gateways_in};
use super::destination_rule::destination_rule;
use super::service::Service;
use super::{Labels, assumed, scope};
use crate::index::{Ref, View};
use crate::resource::istio::{DestinationRule, Sidecar};

/// The clients that see `service`, those of its own namespace first; an assumed one where the workspace shows none.
/// Namespaces are looked into one after the other, so that whoever stops early depends on little.
pub fn callers<'a, 'b>(view: &'b View<'a>, service: &'b Service<'a>) -> impl Iterator<Item = Client<'a>> + use<'a, 'b> {
    let first = service.namespace.clone();
    let others = std::iter::once_with(|| view.namespaces_of_workloads()).flatten();
    let shown = std::iter::once(first)
        .chain(others.filter(|namespace| **namespace != service.namespace).cloned())
        .flat_map(move |namespace| match who_sees(view, &namespace, service) {
            Seers::Nobody => Vec::new(),
            Seers::Gateways => gateways_in(view, &namespace),
            Seers::Clients => clients_in(view, &namespace),
        })
        .filter(move |client| scope::visible(view, client, service).is_some());
    shown_or(shown, move || assumed::caller(view, service))
}

/// What is shown; where that is nothing, what is assumed.
fn shown_or<T>(shown: impl Iterator<Item = T>, assumed: impl FnOnce() -> Option<T>) -> impl Iterator<Item = T> {
    let mut shown = shown.peekable();
    let assumed = shown.peek().is_none().then(assumed).flatten();
    shown.chain(assumed)
}

/// Who of a namespace may see a service.
enum Seers {
    Nobody,
    Gateways,
    Clients,
}

/// A Sidecar for the whole namespace that hides the service spares the look at every workload: only gateways do not heed it.
fn who_sees<'a>(view: &View<'a>, namespace: &SmolStr, service: &Service<'a>) -> Seers {
    if service.exported_to(view, namespace) == Some(false) {
        return Seers::Nobody;
    }
    if !view.in_namespace::<Sidecar>(namespace).all(|sidecar| sidecar.spec.workload_selector.selects_all()) {
        return Seers::Clients;
    }
    let labels = Labels::known([]);
    let sidecar = scope::sidecar(view, namespace, &labels);
    let (kind, namespace) = (ClientKind::Sidecar, namespace.clone());
    let any = Client { namespace, kind, labels, sidecar, members: Vec::new(), assumptions: Vec::new() };
    if scope::visible(view, &any, service).is_some() { Seers::Clients } else { Seers::Gateways }
}

/// The clients that read a DestinationRule. A namespace is looked into once, and only when somebody asks as far.
pub struct Readers<'v, 'a> {
    pub(super) view: &'v View<'a>,
    pub(super) rule: Ref<'a, DestinationRule>,
    classes: RefCell<HashMap<SmolStr, Rc<[Client<'a>]>>>,
}

impl<'v, 'a> Readers<'v, 'a> {
    /// The readers of `rule`.
    #[must_use]
    pub fn new(view: &'v View<'a>, rule: Ref<'a, DestinationRule>) -> Self {
        Self { view, rule, classes: RefCell::default() }
    }

    /// Those that see `service` and read the rule for it, those of the rule's namespace first, then those of the service's;
    /// an assumed one where the workspace shows none.
    pub fn of<'s>(&'s self, service: &'s Service<'a>) -> impl Iterator<Item = Client<'a>> + use<'s, 'v, 'a> {
        let own = &self.rule.entry.namespace;
        // istiod looks in the namespaces of the client and of the service, and in the root namespace; nowhere else.
        let is_read_elsewhere = *own == service.namespace || *own == self.view.mesh().root_namespace;
        let others = std::iter::once_with(|| self.view.namespaces_of_workloads()).flatten();
        let others = others.filter(|other| **other != service.namespace);
        let elsewhere = std::iter::once(&service.namespace).chain(others).filter(move |other| *other != own);
        let shown = std::iter::once(own)
            .chain(is_read_elsewhere.then_some(elsewhere).into_iter().flatten())
            .flat_map(move |namespace| self.in_namespace(namespace, service));
        shown_or(shown, move || assumed::reader(self, service))
    }

    /// `client` sees `service` and reads the rule for it.
    pub(super) fn is_read_by(&self, client: &Client<'a>, service: &Service<'a>) -> bool {
        let lookup = destination_rule(self.view, client, &service.namespace, &service.host);
        let read = lookup.rule.is_some_and(|read| read.rules.iter().any(|one| one.entry.id == self.rule.entry.id));
        read && scope::visible(self.view, client, service).is_some()
    }

    fn in_namespace(&self, namespace: &SmolStr, service: &Service<'a>) -> Vec<Client<'a>> {
        let classes = match who_sees(self.view, namespace, service) {
            Seers::Nobody => return Vec::new(),
            Seers::Gateways => gateways_in(self.view, namespace).into(),
            Seers::Clients => self.classes_of(namespace),
        };
        classes.iter().filter(|client| self.is_read_by(client, service)).cloned().collect()
    }

    fn classes_of(&self, namespace: &SmolStr) -> Rc<[Client<'a>]> {
        let known = self.classes.borrow().get(namespace).cloned();
        known.unwrap_or_else(|| {
            let classes: Rc<[_]> = clients_in(self.view, namespace).into();
            self.classes.borrow_mut().insert(namespace.clone(), classes.clone());
            classes
        })
    }
}
