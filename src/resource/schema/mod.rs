//! What the API of each kind looks like: every field of every served version, its type, values and limits, with a
//! sentence that says what it does.
//!
//! The tables are text in `tables/`, a family of kinds a file, read once. They follow the CRDs of the newest Istio and
//! Gateway API; `istio-ls schema` prints them. How to write them is said at the head of `read.rs`. [`defects()`] compares an object with
//! its table. Kinds of Kubernetes itself have no table.

mod defects;
mod format;
mod model;
mod problem;
mod read;

pub use defects::defects;
pub use format::{Format, nanoseconds};
pub use model::{Choice, Count, Field, Group, KindSchema, Limits, Object, Scalar, Type, Value, Version};
pub use problem::{Defect, Found, Problem};

use std::sync::LazyLock;

use super::Kind;

const TABLES: &[&str] = &[
    include_str!("tables/common.txt"),
    include_str!("tables/destination_rule.txt"),
    include_str!("tables/extensions.txt"),
    include_str!("tables/gateway.txt"),
    include_str!("tables/kubernetes_gateway.txt"),
    include_str!("tables/kubernetes_route.txt"),
    include_str!("tables/proxy.txt"),
    include_str!("tables/security.txt"),
    include_str!("tables/service_entry.txt"),
    include_str!("tables/sidecar.txt"),
    include_str!("tables/telemetry.txt"),
    include_str!("tables/virtual_service.txt"),
];

static KINDS: LazyLock<Vec<KindSchema>> = LazyLock::new(|| read::read(TABLES).unwrap_or_default());

/// The tables of all kinds, in the order of the text.
#[must_use]
pub fn kinds() -> &'static [KindSchema] {
    &KINDS
}

/// The table of `kind`; none for kinds of Kubernetes.
#[must_use]
pub fn of(kind: Kind) -> Option<&'static KindSchema> {
    KINDS.iter().find(|table| table.kind == kind.as_str() && table.group == kind.group())
}

/// The field that `path`, a row of keys from the top of the object, leads to; list items take no step, and a key of a
/// map leads to the map itself.
#[must_use]
pub fn field_at<'p>(kind: Kind, version: &str, path: impl IntoIterator<Item = &'p str>) -> Option<&'static Field> {
    let mut place = Place { value: of(kind)?.root(version)?, field: None };
    for key in path {
        place = place.step(key, version)?;
    }
    place.field
}

/// The type of what `path` leads to, as [`field_at`] takes it; that of the object for an empty path.
#[must_use]
pub fn type_at<'p>(kind: Kind, version: &str, path: impl IntoIterator<Item = &'p str>) -> Option<&'static Type> {
    let mut place = Place { value: of(kind)?.root(version)?, field: None };
    for key in path {
        place = place.step(key, version)?;
    }
    Some(place.value)
}

/// A type in a table, and the field that leads to it.
#[derive(Clone, Copy)]
struct Place {
    value: &'static Type,
    field: Option<&'static Field>,
}

impl Place {
    fn step(self, key: &str, version: &str) -> Option<Self> {
        match self.value {
            Type::List(items, _) => Self { value: items, ..self }.step(key, version),
            Type::Map(values, _) => Some(Self { value: values, ..self }),
            Type::Object(object) => {
                let field = object.field(key, version)?;
                Some(Self { value: &field.value, field: Some(field) })
            }
            Type::Any | Type::Open | Type::Scalar(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read() {
        assert_eq!(read::read(TABLES).map(|kinds| kinds.len()), Ok(24));
    }

    #[test]
    fn every_kind_with_a_table_is_read_and_knows_its_versions() {
        for table in kinds() {
            let kind = Kind::find(table.group, table.kind).expect(table.kind);
            for version in &table.versions {
                assert!(kind.versions().contains(&version.name), "{} {}", table.kind, version.name);
            }
        }
    }

    #[test]
    fn every_field_is_explained() {
        fn look(value: &Type, path: &str) {
            match value {
                Type::List(inner, _) | Type::Map(inner, _) => look(inner, path),
                Type::Object(object) => {
                    for field in &object.fields {
                        let path = format!("{path}.{}", field.name);
                        assert!(field.doc.ends_with('.') && field.doc.len() > 5, "{path}: {}", field.doc);
                        look(&field.value, &path);
                    }
                }
                _ => {}
            }
        }
        for table in kinds() {
            for version in table.served() {
                look(table.root(version.name).expect("a served version"), table.kind);
            }
        }
    }

    #[test]
    fn a_path_leads_through_lists_and_maps() {
        let at = |kind, path: &str| field_at(kind, "v1", path.split('.')).map(|field| field.name);
        assert_eq!(at(Kind::Gateway, "spec.servers.port.number"), Some("number"));
        assert_eq!(at(Kind::Gateway, "spec.selector.istio"), Some("selector"));
        assert_eq!(at(Kind::PeerAuthentication, "spec.portLevelMtls.8080.mode"), Some("mode"));
        assert_eq!(at(Kind::Gateway, "metadata.labels"), Some("labels"));
        assert_eq!(at(Kind::Gateway, "spec.servers.ports"), None);
        assert_eq!(at(Kind::Service, "spec.ports"), None);
    }

    #[test]
    fn a_version_has_its_own_limits() {
        let most = |version| match &field_at(Kind::TcpRoute, version, ["spec", "rules"]).expect("rules").value {
            Type::List(_, count) => count.most,
            _ => None,
        };
        assert_eq!((most("v1"), most("v1alpha2")), (Some(1), Some(16)));
    }
}
