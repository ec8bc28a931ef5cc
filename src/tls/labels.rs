//! Labels of pods and endpoints, whatever they are written on.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::resource::{Field, Map, Spanned};

/// The labels that a pod or an endpoint carries; cheap to copy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Labels {
    pairs: Arc<[(SmolStr, SmolStr)]>,
    certain: bool,
}

impl Labels {
    /// The labels of a field.
    #[must_use]
    pub fn of(field: &Field<Map<SmolStr>>) -> Self {
        let pairs = field.pairs().map(|(key, value)| (key.clone(), value.value.clone()));
        Self { pairs: pairs.collect(), certain: field.is_certain() }
    }

    /// Exactly these labels.
    pub fn known(pairs: impl IntoIterator<Item = (SmolStr, SmolStr)>) -> Self {
        Self { pairs: pairs.into_iter().collect(), certain: true }
    }

    /// The value of a label.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Every pair, in the order of the text.
    pub fn pairs(&self) -> impl Iterator<Item = &(SmolStr, SmolStr)> {
        self.pairs.iter()
    }

    /// The same pairs, in whatever order.
    #[must_use]
    pub fn same_pairs(&self, other: &Self) -> bool {
        self.pairs.len() == other.pairs.len() && self.pairs.iter().all(|(key, value)| other.value(key) == Some(value))
    }

    /// No label is malformed or filled in by a template.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.certain
    }

    /// Every pair of a selector is here.
    pub fn satisfy<'b>(&self, mut selector: impl Iterator<Item = (&'b SmolStr, &'b Spanned<SmolStr>)>) -> bool {
        selector.all(|(key, value)| self.value(key) == Some(value.value.as_str()))
    }
}
