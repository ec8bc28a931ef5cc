//! Which pods a webhook of Istio answers for.

use std::collections::BTreeSet;

use crate::index::Entry;
use crate::resource::kubernetes::Webhook;
use crate::resource::{Body, Spanned};
use crate::yaml::Node;

/// Labels of a namespace or of a pod, as far as webhooks look at them.
pub(super) type Labels = Vec<(String, String)>;

const INJECTION: &str = "istio-injection";
const REVISION: &str = "istio.io/rev";
const INJECT: &str = "sidecar.istio.io/inject";

/// The webhooks of a configuration.
pub(super) fn webhooks(entry: &Entry) -> impl Iterator<Item = &Spanned<Webhook>> {
    let configuration = match &entry.resource.body {
        Body::MutatingWebhookConfiguration(body) | Body::ValidatingWebhookConfiguration(body) => Some(body),
        _ => None,
    };
    configuration.into_iter().flat_map(|body| body.webhooks.items())
}

/// The configuration is Istio's.
pub(super) fn is_of_istio(entry: &Entry) -> bool {
    let named = webhooks(entry).any(|webhook| webhook.name.text().is_some_and(|name| name.ends_with("istio.io")));
    named || entry.resource.metadata.labels.under(REVISION).is_some() || !revisions(entry).is_empty()
}

fn revisions(entry: &Entry) -> BTreeSet<String> {
    let label = entry.resource.metadata.labels.under(REVISION).map(|revision| revision.to_string());
    let selected = webhooks(entry).flat_map(|webhook| {
        let selectors = [&webhook.namespace_selector, &webhook.object_selector];
        selectors
            .into_iter()
            .filter_map(|selector| selector.value())
            .flat_map(|node| values_of(node, REVISION))
            .collect::<Vec<_>>()
    });
    label.into_iter().chain(selected).collect()
}

/// Every combination of labels that decides on injection, of namespaces and of pods.
pub(super) fn combinations<'a>(configurations: impl Iterator<Item = &'a Entry>) -> Vec<(Labels, Labels)> {
    let revisions: BTreeSet<String> = configurations.flat_map(revisions).collect();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let with_revisions = |base: Vec<Labels>| -> Vec<Labels> {
        let with = base.iter().flat_map(|labels| {
            revisions.iter().map(move |revision| [labels.clone(), vec![pair(REVISION, revision)]].concat())
        });
        let with: Vec<Labels> = with.collect();
        [base, with].concat()
    };
    let namespaces = with_revisions(vec![vec![], vec![pair(INJECTION, "enabled")], vec![pair(INJECTION, "disabled")]]);
    let objects = with_revisions(vec![vec![], vec![pair(INJECT, "true")], vec![pair(INJECT, "false")]]);
    namespaces
        .iter()
        .flat_map(|namespace| objects.iter().map(move |object| (namespace.clone(), object.clone())))
        .collect()
}

/// The selectors of a webhook.
pub(super) struct Selector<'a> {
    namespace: Option<&'a Node>,
    object: Option<&'a Node>,
}

impl<'a> Selector<'a> {
    /// Those of `webhook`; one that is left out selects everything.
    pub(super) fn of(webhook: &'a Webhook) -> Self {
        Self { namespace: webhook.namespace_selector.value(), object: webhook.object_selector.value() }
    }

    /// Pods with these labels, in a namespace with those, are sent to the webhook.
    pub(super) fn matches(&self, namespace: &Labels, object: &Labels) -> bool {
        selects(self.namespace, namespace) && selects(self.object, object)
    }
}

fn selects(selector: Option<&Node>, labels: &Labels) -> bool {
    let Some(selector) = selector else { return true };
    let value = |key: &str| labels.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
    let by_labels = selector.get("matchLabels").and_then(Node::as_mapping).is_none_or(|mapping| {
        mapping
            .entries
            .iter()
            .all(|entry| value(&entry.key) == entry.value.as_scalar().map(|scalar| scalar.text.as_str()))
    });
    let expressions = selector
        .get("matchExpressions")
        .and_then(Node::as_sequence)
        .map(|list| list.items.as_slice())
        .unwrap_or_default();
    by_labels
        && expressions.iter().all(|expression| {
            let text = |key: &str| {
                expression.get(key).and_then(Node::as_scalar).map(|scalar| scalar.text.as_str()).unwrap_or("")
            };
            let values: Vec<&str> = expression
                .get("values")
                .and_then(Node::as_sequence)
                .map(|list| list.items.iter().filter_map(|item| Some(item.as_scalar()?.text.as_str())).collect())
                .unwrap_or_default();
            let found = value(text("key"));
            match text("operator") {
                "In" => found.is_some_and(|found| values.contains(&found)),
                "NotIn" => found.is_none_or(|found| !values.contains(&found)),
                "Exists" => found.is_some(),
                "DoesNotExist" => found.is_none(),
                _ => false,
            }
        })
}

/// The values that a selector asks for under `key`.
fn values_of(selector: &Node, key: &str) -> Vec<String> {
    let label = selector
        .get("matchLabels")
        .and_then(|labels| labels.get(key)?.as_scalar())
        .map(|scalar| scalar.text.to_string());
    let expressions = selector
        .get("matchExpressions")
        .and_then(Node::as_sequence)
        .map(|list| list.items.as_slice())
        .unwrap_or_default();
    let listed = expressions
        .iter()
        .filter(|expression| expression.get("key").and_then(Node::as_scalar).is_some_and(|scalar| scalar.text == key))
        .filter_map(|expression| expression.get("values")?.as_sequence())
        .flat_map(|list| list.items.iter().filter_map(|item| Some(item.as_scalar()?.text.to_string())));
    label.into_iter().chain(listed).collect()
}
