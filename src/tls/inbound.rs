//! What a workload accepts: the PeerAuthentication that applies.
//!
//! Follows `pilot/pkg/security/authn/policy_applier.go` and `pilot/pkg/model/authentication.go` of istiod.

use smol_str::SmolStr;

use super::proxy::{ProxyKind, pod_labels};
use super::reason::{Assumption, Reason, assume};
use super::{Labels, admission, proxy};
use crate::index::{Entry, Ref, View};
use crate::resource::Field;
use crate::resource::istio::{MtlsMode, MutualTls, PeerAuthentication};
use crate::text::Span;

/// Where a mode was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyLevel {
    /// Nobody says anything: PERMISSIVE.
    Default,
    /// The policy without selector of the root namespace.
    Mesh,
    /// The policy without selector of the workload's namespace.
    Namespace,
    /// The policy that selects the workload.
    Workload,
    /// `portLevelMtls` of the policy that selects the workload.
    Port,
}

impl PolicyLevel {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Mesh => "mesh",
            Self::Namespace => "namespace",
            Self::Workload => "workload",
            Self::Port => "port",
        }
    }
}

/// What a workload accepts on a port.
#[derive(Debug, Clone)]
pub struct Inbound<'a> {
    /// The mode in force; never UNSET.
    pub mode: MtlsMode,
    /// Where it was decided.
    pub level: PolicyLevel,
    /// The policy that decided; none for the default.
    pub peer_authentication: Option<Ref<'a, PeerAuthentication>>,
    /// The `mode` that decided.
    pub mode_span: Option<Span>,
    /// The way there.
    pub because: Vec<Reason>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

/// What `workload` accepts on container port `port`, or on every port that no policy names. A ztunnel reports PERMISSIVE
/// for DISABLE, since HBONE cannot be turned off. Without a proxy nothing is enforced: see [`super::proxy()`].
#[must_use]
pub fn inbound<'a>(view: &View<'a>, workload: &Entry, port: Option<u32>) -> Inbound<'a> {
    let labels = pod_labels(workload);
    let mut inbound = Policies::of(view, &workload.namespace, &labels).inbound(port);
    if !labels.is_certain() {
        assume(&mut inbound.assumptions, Assumption::unknown(workload, None));
    }
    if inbound.mode == MtlsMode::Disable && proxy(view, workload).kind == ProxyKind::Ztunnel {
        inbound.mode = MtlsMode::Permissive;
        inbound.because.push(Reason::of("ztunnel cannot turn HBONE off: DISABLE behaves as PERMISSIVE"));
    }
    inbound
}

/// The policies that apply to a workload, one a level at most.
#[derive(Debug, Clone)]
pub struct Policies<'a> {
    /// The policy for the whole mesh.
    pub mesh: Option<Ref<'a, PeerAuthentication>>,
    /// The policy for the namespace.
    pub namespace: Option<Ref<'a, PeerAuthentication>>,
    /// The policy that selects the workload.
    pub workload: Option<Ref<'a, PeerAuthentication>>,
    assumptions: Vec<Assumption>,
}

/// The mode in force, without the way there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accepted<'a> {
    pub(super) mode: MtlsMode,
    pub(super) level: PolicyLevel,
    pub(super) decided: Option<(Ref<'a, PeerAuthentication>, Span)>,
}

impl<'a> Policies<'a> {
    /// The policies that apply to pods of `namespace` with `labels`. Exactly one policy with a selector applies; none of
    /// the root namespace does, not even there.
    #[must_use]
    pub fn of(view: &View<'a>, namespace: &str, labels: &Labels) -> Self {
        let mut policies = Self::of_namespace(view, namespace);
        if !view.mesh().is_root(namespace) {
            let selecting = |policy: &Ref<'a, PeerAuthentication>| {
                let selector = policy.spec.selector.value();
                selector.is_some_and(|selector| {
                    selector.is_certain() && selector.pairs().next().is_some() && labels.satisfy(selector.pairs())
                })
            };
            policies.workload = oldest(view, namespace, selecting, &mut policies.assumptions);
        }
        policies
    }

    /// The policies for a whole namespace and for the mesh.
    #[must_use]
    pub fn of_namespace(view: &View<'a>, namespace: &str) -> Self {
        let general = |policy: &Ref<'a, PeerAuthentication>| policy.spec.selector.selects_all();
        let root = &view.mesh().root_namespace;
        let mut assumptions = Vec::new();
        let mesh = oldest(view, root, general, &mut assumptions);
        let own = if root == namespace { None } else { oldest(view, namespace, general, &mut assumptions) };
        let mut policies = Self { mesh, namespace: own, workload: None, assumptions };
        if policies.mesh.is_none() && !view.holds_namespace(root) {
            policies.assumptions.push(Assumption::RootNamespace(root.clone()));
        }
        policies
    }

    /// What was taken for granted to choose them.
    pub fn assumptions(&self) -> impl Iterator<Item = &Assumption> {
        self.assumptions.iter()
    }

    pub(super) fn accepted(&self, port: Option<u32>) -> Accepted<'a> {
        let levels = [
            (PolicyLevel::Mesh, self.mesh),
            (PolicyLevel::Namespace, self.namespace),
            (PolicyLevel::Workload, self.workload),
        ];
        let mut accepted = Accepted { mode: MtlsMode::Permissive, level: PolicyLevel::Default, decided: None };
        for (level, policy) in levels {
            if let Some(policy) = policy
                && let Some((mode, span)) = set_mode(&policy.spec.mtls)
            {
                accepted = Accepted { mode, level, decided: Some((policy, span)) };
            }
        }
        if let (Some(port), Some(policy)) = (port, self.workload)
            && let Some((mode, span)) = port_mode(policy, port)
        {
            accepted = Accepted { mode, level: PolicyLevel::Port, decided: Some((policy, span)) };
        }
        accepted
    }

    fn inbound(&self, port: Option<u32>) -> Inbound<'a> {
        let accepted = self.accepted(port);
        let mut inbound = Inbound {
            mode: accepted.mode,
            level: accepted.level,
            peer_authentication: accepted.decided.map(|(policy, _)| policy),
            mode_span: accepted.decided.map(|(_, span)| span),
            because: self.because(port),
            assumptions: self.assumptions.clone(),
        };
        // A level below that sets the mode makes what stands above it irrelevant.
        if !matches!(inbound.level, PolicyLevel::Default | PolicyLevel::Mesh) {
            inbound.assumptions.retain(|assumption| !matches!(assumption, Assumption::RootNamespace(_)));
        }
        for policy in [self.mesh, self.namespace, self.workload].into_iter().flatten() {
            let mode = policy.spec.mtls.value().map(|mtls| &mtls.mode);
            if policy.spec.mtls.is_uncertain() || mode.is_some_and(Field::is_uncertain) {
                assume(&mut inbound.assumptions, Assumption::unknown(policy.entry, policy.spec.mtls.span()));
            }
        }
        inbound
    }

    /// The levels from the most specific one that says something, as the mode is looked up.
    fn because(&self, port: Option<u32>) -> Vec<Reason> {
        let mut because = Vec::new();
        if let (Some(port), Some(policy)) = (port, self.workload) {
            match port_mode(policy, port) {
                Some((mode, span)) => {
                    let text = format!("{} sets {mode} for container port {port}", policy.entry.title());
                    because.push(Reason::at(policy.entry, span, text));
                    return because;
                }
                None => because.push(Reason::of(format!("no portLevelMtls for container port {port}"))),
            }
        }
        let levels = [("workload", self.workload), ("namespace", self.namespace), ("mesh", self.mesh)];
        for (level, policy) in levels {
            let Some(policy) = policy else {
                because.push(Reason::of(format!("no PeerAuthentication for the {level}")));
                continue;
            };
            if let Some((mode, span)) = set_mode(&policy.spec.mtls) {
                because.push(Reason::at(
                    policy.entry,
                    span,
                    format!("{} sets {mode} for the {level}", policy.entry.title()),
                ));
                return because;
            }
            let text = format!("{} leaves the mode of the {level} unset", policy.entry.title());
            because.push(Reason::at(policy.entry, policy.entry.resource.name_span(), text));
        }
        because.push(Reason::of("PERMISSIVE by default"));
        because
    }
}

/// The container ports that a policy names.
pub fn named_ports<'a>(policy: Ref<'a, PeerAuthentication>) -> impl Iterator<Item = u32> + use<'a> {
    policy.spec.port_level_mtls.pairs().filter_map(|(port, _)| port.parse().ok())
}

fn port_mode(policy: Ref<'_, PeerAuthentication>, port: u32) -> Option<(MtlsMode, Span)> {
    let port = SmolStr::from(port.to_string());
    let mtls = policy.spec.port_level_mtls.under(&port)?;
    set(mtls.mode.copied()?, mtls.mode.span()?)
}

fn set_mode(mtls: &Field<MutualTls>) -> Option<(MtlsMode, Span)> {
    let mode = &mtls.value()?.mode;
    set(mode.copied()?, mode.span()?)
}

fn set(mode: MtlsMode, span: Span) -> Option<(MtlsMode, Span)> {
    (mode != MtlsMode::Unset).then_some((mode, span))
}

fn oldest<'a>(
    view: &View<'a>,
    namespace: &str,
    wanted: impl Fn(&Ref<'a, PeerAuthentication>) -> bool,
    assumptions: &mut Vec<Assumption>,
) -> Option<Ref<'a, PeerAuthentication>> {
    let mut found: Vec<_> = view
        .in_namespace::<PeerAuthentication>(namespace)
        .filter(|policy| admission::accepts_policy(policy.spec) && wanted(policy))
        .collect();
    found.sort_by(|left, right| left.entry.age().cmp(&right.entry.age()));
    if let [first, second, ..] = found.as_slice()
        && first.entry.age().0 == second.entry.age().0
    {
        assume(assumptions, Assumption::Age(first.entry.title().into(), second.entry.title().into()));
    }
    found.first().copied()
}
