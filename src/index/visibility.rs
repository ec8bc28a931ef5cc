//! Who may see a resource: `exportTo`.

use smol_str::SmolStr;

use super::{Entry, MeshConfig};
use crate::resource::{Body, Field, List};

/// The annotation that limits who sees a Service.
const SERVICE_EXPORT_TO: &str = "networking.istio.io/exportTo";

/// The namespaces that a resource is exported to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    targets: Vec<SmolStr>,
    own: SmolStr,
    certain: bool,
}

impl Exported {
    /// Whom `entry` is exported to: its own `exportTo` (an annotation for Services), else the default of its kind.
    #[must_use]
    pub fn of(entry: &Entry, mesh: &MeshConfig) -> Self {
        match &entry.resource.body {
            Body::Service(_) => match entry.resource.annotation(SERVICE_EXPORT_TO) {
                Some(list) => Self::new(entry, list.split(',').map(|target| target.trim().into()).collect(), true),
                None => Self::new(entry, mesh.default_service_export_to.clone(), true),
            },
            Body::ServiceEntry(spec) => Self::listed(entry, &spec.export_to, &mesh.default_service_export_to),
            Body::VirtualService(spec) => Self::listed(entry, &spec.export_to, &mesh.default_virtual_service_export_to),
            Body::DestinationRule(spec) => {
                Self::listed(entry, &spec.export_to, &mesh.default_destination_rule_export_to)
            }
            _ => Self::new(entry, vec![SmolStr::new_static("*")], true),
        }
    }

    fn listed(entry: &Entry, field: &Field<List<SmolStr>>, default: &[SmolStr]) -> Self {
        let written: Vec<SmolStr> = field.items().map(|target| target.value.clone()).collect();
        let targets = if written.is_empty() { default.to_vec() } else { written };
        Self::new(entry, targets, field.is_certain())
    }

    fn new(entry: &Entry, targets: Vec<SmolStr>, certain: bool) -> Self {
        Self { targets, own: entry.namespace.clone(), certain }
    }

    /// Everybody sees the resource.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.targets.iter().any(|target| target == "*")
    }

    /// A proxy of `namespace` sees the resource; none while `exportTo` is not known.
    #[must_use]
    pub fn to(&self, namespace: &str) -> Option<bool> {
        let seen = self.targets.iter().any(|target| match target.as_str() {
            "*" => true,
            "." => self.own == namespace,
            "~" => false,
            other => other == namespace,
        });
        (seen || self.certain).then_some(seen)
    }
}
