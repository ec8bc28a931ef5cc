//! Pods and what makes them: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob and Argo's Rollout.

use smol_str::SmolStr;

use crate::resource::{Anything, List, Map, object};
use crate::yaml::Node;

object! {
    /// The `spec` of a Pod.
    pub struct PodSpec {
        containers: List<Container> = "containers",
        init_containers: List<Container> = "initContainers",
        service_account_name: SmolStr = "serviceAccountName",
        host_network: bool = "hostNetwork",
        security_context: SecurityContext = "securityContext",
    }

    /// A container of a Pod.
    pub struct Container {
        name: SmolStr = "name",
        image: SmolStr = "image",
        args: List<SmolStr> = "args",
        ports: List<ContainerPort> = "ports",
        security_context: SecurityContext = "securityContext",
        env: List<Node> = "env",
    }

    /// A port of a container.
    pub struct ContainerPort {
        name: SmolStr = "name",
        container_port: u32 = "containerPort",
        protocol: SmolStr = "protocol",
    }

    /// Who the processes run as.
    pub struct SecurityContext {
        run_as_user: i64 = "runAsUser",
    }

    /// The `spec` of a kind that makes pods from a template.
    pub struct PodController {
        replicas: i64 = "replicas",
        selector: LabelSelector = "selector",
        template: PodTemplate = "template",
    }

    /// Pods by labels.
    pub struct LabelSelector {
        match_labels: Map<SmolStr> = "matchLabels",
        match_expressions: Anything = "matchExpressions",
    }

    /// What the pods of a controller look like.
    pub struct PodTemplate {
        metadata: PodMetadata = "metadata",
        spec: PodSpec = "spec",
    }

    /// Labels and annotations of a pod.
    pub struct PodMetadata {
        labels: Map<SmolStr> = "labels",
        annotations: Map<SmolStr> = "annotations",
    }

    /// The `spec` of a CronJob.
    pub struct CronJob {
        job_template: JobTemplate = "jobTemplate",
    }

    /// The Job that a CronJob makes.
    pub struct JobTemplate {
        spec: PodController = "spec",
    }
}
