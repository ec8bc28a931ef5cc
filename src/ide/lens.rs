//! Code lenses: over a resource, how many clients it concerns, the mode in effect, and the way to the map.

use std::ops::Range;
use std::path::Path;

use super::Files;
use super::brief::{Brief, Part, brief};
use super::governed::{counted, governed};
use super::map::Filter;
use crate::index::{Entry, View};
use crate::resource::istio::{DestinationRule, Gateway, MtlsMode, PeerAuthentication, ServiceEntry};
use crate::resource::{Kind, host};
use crate::tls::{self, ProxyKind};

/// So many classes of clients are counted.
const MAX_CLIENTS: usize = 60;

/// What is shown over a resource. All of it leads to the map.
#[derive(Debug, Clone)]
pub struct Lens {
    /// The resource's name, as bytes of the file.
    pub span: Range<usize>,
    /// What it says, one lens each.
    pub titles: Vec<String>,
    /// What the map shows when the lens is followed.
    pub shows: Filter,
}

/// The lenses of `file`, in the order of its resources.
#[must_use]
pub fn lenses(files: &dyn Files, file: &Path) -> Vec<Lens> {
    let view = View::new(files.index());
    let mut found = Vec::new();
    for document in files.documents(file) {
        for entry in document.resources.iter().filter_map(|id| files.index().entry(*id)) {
            let Some((mut titles, shows)) = of(&view, entry) else { continue };
            titles.push("show TLS map".to_owned());
            let span = entry.resource.name_span().shifted(document.start).range();
            found.push(Lens { span, titles, shows });
        }
    }
    found
}

fn of(view: &View<'_>, entry: &Entry) -> Option<(Vec<String>, Filter)> {
    let to = |host: &str| Filter { to: Some(host.to_owned()), ..Filter::default() };
    match entry.resource.kind {
        Kind::Service => Some((to_host(view, &entry.service_host())?, to(&entry.service_host()))),
        Kind::ServiceEntry => {
            let spec = entry.as_kind::<ServiceEntry>()?.spec;
            let first = spec.hosts.items().next()?;
            Some((to_host(view, first)?, to(first)))
        }
        Kind::DestinationRule => {
            let rule = entry.as_kind::<DestinationRule>()?;
            let name = host::resolve(rule.spec.host.text()?, &entry.namespace);
            let services = tls::services(view, &name);
            let part = Part { rule: Some(rule), ..Part::default() };
            Some((told("read by ", &brief(view, services.first()?, part, MAX_CLIENTS)), to(&name)))
        }
        Kind::PeerAuthentication => {
            let policy = entry.as_kind::<PeerAuthentication>()?;
            let mode = policy.spec.mtls.value().and_then(|mtls| mtls.effective_mode()).unwrap_or(MtlsMode::Unset);
            let workloads = governed(view, policy).len();
            Some((vec![format!("decides for {}", counted(workloads, "workload")), mode.to_string()], Filter::default()))
        }
        Kind::Gateway => {
            let workloads = tls::gateway::workloads_of(view, entry.as_kind::<Gateway>()?);
            let names = workloads.iter().map(|workload| workload.name.as_deref().unwrap_or("an assumed workload"));
            let on = format!("on {}", names.collect::<Vec<_>>().join(", "));
            Some((vec![on], Filter { gateway: Some(entry.qualified_name()), ..Filter::default() }))
        }
        _ => {
            entry.workload()?;
            let kind = tls::proxy(view, entry).kind;
            let mut titles = vec![if kind == ProxyKind::None { "no proxy" } else { kind.as_str() }.to_owned()];
            if matches!(kind, ProxyKind::Sidecar | ProxyKind::Ztunnel) {
                titles.push(format!("accepts {}", tls::inbound(view, entry, None).mode));
            }
            Some((titles, Filter { from: Some(entry.qualified_name()), ..Filter::default() }))
        }
    }
}

fn to_host(view: &View<'_>, name: &str) -> Option<Vec<String>> {
    let services = tls::services(view, name);
    Some(told("", &brief(view, services.first()?, Part::default(), MAX_CLIENTS)))
}

fn told(before: &str, brief: &Brief) -> Vec<String> {
    let more = if brief.more { " and more" } else { "" };
    let classes = if brief.classes == 1 { "1 class" } else { &format!("{} classes", brief.classes) };
    let who = format!("{before}{} in {classes}{more}", counted(brief.clients, "client"));
    std::iter::once(who).chain(brief.line()).collect()
}
