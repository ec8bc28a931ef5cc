//! `AuthorizationPolicy`: who may call what.

use smol_str::SmolStr;

use super::WorkloadSelector;
use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of an AuthorizationPolicy.
    pub struct AuthorizationPolicy {
        selector: WorkloadSelector = "selector",
        target_ref: TargetRef = "targetRef",
        target_refs: List<TargetRef> = "targetRefs",
        rules: List<AuthorizationRule> = "rules",
        action: SmolStr = "action",
        provider: Anything = "provider",
    }

    /// The resource that a policy is attached to.
    pub struct TargetRef {
        group: SmolStr = "group",
        kind: SmolStr = "kind",
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
    }

    /// One rule: who, what, under which conditions.
    pub struct AuthorizationRule {
        from: List<AuthorizationFrom> = "from",
        to: List<AuthorizationTo> = "to",
        when: List<AuthorizationCondition> = "when",
    }

    /// A source of requests.
    pub struct AuthorizationFrom {
        source: AuthorizationSource = "source",
    }

    /// Properties of a source.
    pub struct AuthorizationSource {
        principals: List<SmolStr> = "principals",
        not_principals: List<SmolStr> = "notPrincipals",
        request_principals: List<SmolStr> = "requestPrincipals",
        not_request_principals: List<SmolStr> = "notRequestPrincipals",
        namespaces: List<SmolStr> = "namespaces",
        not_namespaces: List<SmolStr> = "notNamespaces",
        ip_blocks: List<SmolStr> = "ipBlocks",
        not_ip_blocks: List<SmolStr> = "notIpBlocks",
        remote_ip_blocks: List<SmolStr> = "remoteIpBlocks",
        not_remote_ip_blocks: List<SmolStr> = "notRemoteIpBlocks",
        service_accounts: List<SmolStr> = "serviceAccounts",
        not_service_accounts: List<SmolStr> = "notServiceAccounts",
    }

    /// An operation.
    pub struct AuthorizationTo {
        operation: AuthorizationOperation = "operation",
    }

    /// Properties of an operation.
    pub struct AuthorizationOperation {
        hosts: List<SmolStr> = "hosts",
        not_hosts: List<SmolStr> = "notHosts",
        ports: List<SmolStr> = "ports",
        not_ports: List<SmolStr> = "notPorts",
        methods: List<SmolStr> = "methods",
        not_methods: List<SmolStr> = "notMethods",
        paths: List<SmolStr> = "paths",
        not_paths: List<SmolStr> = "notPaths",
    }

    /// A further condition.
    pub struct AuthorizationCondition {
        key: SmolStr = "key",
        values: List<SmolStr> = "values",
        not_values: List<SmolStr> = "notValues",
    }
}
