//! Every place that names what is under the cursor, in every file and scope.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::names::{self, Found, Mention, Name};
use super::{Files, PlaceOf};
use crate::index::View;
use crate::text::Span;

/// A place that carries a name, as bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The file.
    pub path: PathBuf,
    /// The name in it.
    pub span: Span,
    /// The name begins to exist here.
    pub defines: bool,
}

/// All that names what byte `offset` of `file` names. `own` are the scopes of the file; of the others those take part that
/// use the name without defining it, since their use must lead out of them.
#[must_use]
pub fn references<F: Files>(own: &[F], others: &[F], file: &Path, offset: usize) -> Vec<Occurrence> {
    let found = everywhere(own, others, file, offset).map_or_else(BTreeSet::new, |(_, found)| found);
    found.into_iter().collect()
}

/// The same within the file.
#[must_use]
pub fn highlights(files: &dyn Files, file: &Path, offset: usize) -> Vec<Occurrence> {
    let view = View::new(files.index());
    let Some((entry, mention, _)) = names::at(files, &view, file, offset) else { return Vec::new() };
    let found = names::find(files, &view, &mention, Some(entry));
    let here = found.iter().filter(|found| &*found.entry.path == file).filter_map(|found| occurrence(files, found));
    here.collect::<BTreeSet<_>>().into_iter().filter(|found| found.path == file).collect()
}

/// What is named, and where.
pub(super) fn everywhere<F: Files>(
    own: &[F],
    others: &[F],
    file: &Path,
    offset: usize,
) -> Option<(Mention, BTreeSet<Occurrence>)> {
    let mut all = BTreeSet::new();
    let mut named: Vec<Mention> = Vec::new();
    for scope in own {
        let view = View::new(scope.index());
        let Some((entry, mention, _)) = names::at(scope, &view, file, offset) else { continue };
        let found = names::find(scope, &view, &mention, Some(entry));
        all.extend(found.iter().filter_map(|found| occurrence(scope, found)));
        if !named.iter().any(|known| known.name == mention.name) {
            named.push(mention);
        }
    }
    for scope in others.iter().filter(|scope| own.iter().all(|own| own.index().scope() != scope.index().scope())) {
        let view = View::new(scope.index());
        for mention in named.iter().filter(|mention| !matches!(mention.name, Name::Label(..))) {
            let found = names::find(scope, &view, mention, None);
            if !found.iter().any(|found| found.mention.defines) {
                all.extend(found.iter().filter_map(|found| occurrence(scope, found)));
            }
        }
    }
    Some((named.into_iter().next()?, all))
}

fn occurrence(files: &dyn Files, found: &Found<'_>) -> Option<Occurrence> {
    let PlaceOf { path, span, .. } = files.place_of(found.entry.id, found.mention.span)?;
    Some(Occurrence { path, span, defines: found.mention.defines })
}
