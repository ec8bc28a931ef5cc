//! Workloads: what runs pods, whatever kind of object it is written as.

use smol_str::SmolStr;

use super::kubernetes::{Container, PodSpec, PodTemplate};
use super::{Body, Field, Map, Resource, Spanned};
use crate::text::Span;

/// The label that says which Gateway (of the Gateway API) a pod serves.
pub const GATEWAY_NAME: &str = "gateway.networking.k8s.io/gateway-name";

/// The pods of a Deployment, Pod, Job and so on, seen alike.
#[derive(Debug, Clone, Copy)]
pub struct Workload<'a> {
    /// Labels of the pods.
    pub labels: &'a Field<Map<SmolStr>>,
    /// Annotations of the pods.
    pub annotations: &'a Field<Map<SmolStr>>,
    /// What runs in the pods.
    pub spec: Option<&'a PodSpec>,
    /// Number of pods where it is written.
    pub replicas: Option<i64>,
}

impl<'a> Workload<'a> {
    /// The workload that `resource` is, if its kind runs pods.
    #[must_use]
    pub fn of(resource: &'a Resource) -> Option<Self> {
        match &resource.body {
            Body::Deployment(spec) | Body::StatefulSet(spec) | Body::ReplicaSet(spec) | Body::Rollout(spec) => {
                Some(Self::of_template(spec.template.value()?, spec.replicas.copied()))
            }
            Body::DaemonSet(spec) | Body::Job(spec) => Some(Self::of_template(spec.template.value()?, None)),
            Body::CronJob(spec) => {
                Some(Self::of_template(spec.job_template.value()?.spec.value()?.template.value()?, None))
            }
            Body::Pod(spec) => Some(Self {
                labels: &resource.metadata.labels,
                annotations: &resource.metadata.annotations,
                spec: Some(spec),
                replicas: None,
            }),
            _ => None,
        }
    }

    fn of_template(template: &'a PodTemplate, replicas: Option<i64>) -> Self {
        static NO_LABELS: Field<Map<SmolStr>> = Field::Absent;
        let metadata = template.metadata.value();
        Self {
            labels: metadata.map_or(&NO_LABELS, |metadata| &metadata.labels),
            annotations: metadata.map_or(&NO_LABELS, |metadata| &metadata.annotations),
            spec: template.spec.value(),
            replicas,
        }
    }

    /// The value of a pod label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&'a Spanned<SmolStr>> {
        self.labels.under(key)
    }

    /// The containers of the pods, init containers last.
    pub fn containers(&self) -> impl Iterator<Item = &'a Spanned<Container>> + use<'a> {
        self.spec.into_iter().flat_map(|spec| spec.containers.items().chain(spec.init_containers.items()))
    }

    /// What shows that the pods are a gateway: the template that injection uses, the name of a Gateway of the Gateway API,
    /// or a container that runs `proxy router`.
    #[must_use]
    pub fn gateway_mark(&self) -> Option<Span> {
        let templates = self.annotations.under("inject.istio.io/templates");
        let injected = templates.filter(|templates| templates.split(',').any(|template| template.trim() == "gateway"));
        let router = || {
            self.containers().find_map(|container| {
                let mut args = container.args.items().map(|arg| arg.as_str());
                (args.next() == Some("proxy") && args.next() == Some("router")).then(|| container.args.span())?
            })
        };
        injected.or_else(|| self.label(GATEWAY_NAME)).map(|mark| mark.span).or_else(router)
    }

    /// The pods carry every label pair.
    pub fn matches<'b>(&self, mut pairs: impl Iterator<Item = (&'b SmolStr, &'b Spanned<SmolStr>)>) -> bool {
        pairs.all(|(key, value)| self.label(key).is_some_and(|label| label.value == value.value))
    }
}
