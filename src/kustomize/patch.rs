//! A patch, read and ready to be applied.

use smol_str::SmolStr;

use super::identity::Identity;
use super::json::{self, Operation};
use super::merged::{Source, Texts};
use super::target::Target;
use super::{Defect, Touched, strategic, touched, tree};
use crate::resource::Spanned;
use crate::text::Span;
use crate::yaml::{Node, Value};

/// One patch of a kustomization.
#[derive(Debug)]
pub struct Patch {
    /// The entry of the kustomization that brings it.
    pub place: Span,
    /// Where its text stands.
    pub source: Source,
    /// It is an error of kustomize's if it selects no object.
    pub must_select: bool,
    /// The name that it gives its object, in its own text.
    pub name: Option<Spanned<SmolStr>>,
    /// All of its text.
    span: Span,
    /// The objects it is for; none for the one that it names itself.
    target: Option<Target>,
    content: Content,
}

/// How a patch changes an object.
#[derive(Debug)]
enum Content {
    /// Fields are merged.
    Merge { patch: Node, named: Identity },
    /// Operations of RFC 6902, one after the other.
    Operations(Vec<Operation>),
}

/// What an object is after a patch.
pub(super) enum Patched {
    Changed,
    Deleted,
    /// The patch cannot be applied.
    Broken(Defect),
}

/// What an entry of a kustomization says of its patches.
pub(super) struct Terms {
    pub(super) place: Span,
    pub(super) target: Option<Target>,
    pub(super) may_rename: bool,
    pub(super) may_change_kind: bool,
}

impl Patch {
    /// Reads the patch `root` of `source`.
    pub(super) fn of(root: &Node, source: &Source, terms: &Terms) -> Result<Self, Defect> {
        let defect = |message: &str| Defect {
            source: source.clone(),
            span: root.span,
            message: message.to_owned(),
            missing: None,
        };
        let content = match &root.value {
            Value::Sequence(_) if terms.target.is_none() => {
                return Err(defect("a JSON patch needs a `target`: kustomize refuses to build"));
            }
            Value::Sequence(_) => Content::Operations(json::read(root).map_err(|(span, message)| Defect {
                source: source.clone(),
                span,
                message,
                missing: None,
            })?),
            Value::Mapping(_) => {
                let named = Identity::of(root);
                if terms.target.is_none() && (named.kind.is_empty() || named.name.is_empty()) {
                    return Err(defect("the patch names no object: `kind` and `metadata.name`, or a `target`"));
                }
                Content::Merge { patch: strategic::prepare(root, terms), named }
            }
            Value::Scalar(_) => return Err(defect("this is no patch: neither an object nor a list of operations")),
        };
        let must_select = terms.target.is_none() && !root.templated;
        let (place, span, target) = (terms.place, root.span, terms.target.clone());
        let name = root.get("metadata").and_then(|metadata| metadata.get("name")).filter(|name| !name.templated);
        let spanned =
            |node: &Node| Some(Spanned { value: node.as_scalar()?.text.clone(), span: node.span, key: node.span });
        Ok(Self { place, name: name.and_then(spanned), source: source.clone(), must_select, span, target, content })
    }

    /// The kind that it names in its own text; empty for operations.
    #[must_use]
    pub fn kind(&self) -> &str {
        match &self.content {
            Content::Merge { named, .. } => &named.kind,
            Content::Operations(_) => "",
        }
    }

    /// What byte `offset` of the document that it stands in changes; none outside of it. What only names the object
    /// changes nothing of it, the way is empty then.
    #[must_use]
    pub fn touched(&self, offset: usize) -> Option<Touched> {
        if !self.span.touches(offset) {
            return None;
        }
        let nothing = Touched { way: Vec::new(), span: self.span, on_key: false };
        Some(match &self.content {
            Content::Merge { patch, .. } => touched::at(patch, Vec::new(), offset),
            Content::Operations(operations) => {
                operations.iter().find_map(|operation| operation.touched(offset)).unwrap_or(nothing)
            }
        })
    }

    /// The object `node` with these identities, the first to the present one, is meant.
    pub(super) fn selects(&self, node: &Node, before: &[Identity], now: &Identity) -> bool {
        match (&self.target, &self.content) {
            (Some(target), _) => target.selects(node, now, before.first().unwrap_or(now)),
            (None, Content::Merge { named, .. }) => named == now || before.contains(named),
            (None, Content::Operations(_)) => false,
        }
    }

    /// Applies the patch to `node`.
    pub(super) fn apply(&self, node: &mut Node, now: &Identity, texts: &mut Texts<'_>) -> Patched {
        let start = texts.start_of(&self.source);
        let mut changed = node.clone();
        let outcome = match &self.content {
            Content::Merge { patch, .. } => {
                let mut patch = patch.clone();
                tree::shift(&mut patch, start);
                strategic::merge_object(&mut changed, &patch, now)
            }
            Content::Operations(operations) => json::apply(&mut changed, operations, start).map(|()| true),
        };
        match outcome {
            Ok(true) => {
                *node = changed;
                Patched::Changed
            }
            Ok(false) => Patched::Deleted,
            Err((span, message)) => {
                let span = Span::new(span.start().saturating_sub(start), span.end().saturating_sub(start));
                Patched::Broken(Defect { source: self.source.clone(), span, message, missing: None })
            }
        }
    }
}
