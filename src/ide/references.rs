//! Every place that names what is under the cursor, in every file and scope.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::kustomized::called;
use super::names::{self, Found, Mention, Name};
use super::{Files, PlaceOf};
use crate::index::{Entry, View};
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

/// The places in the file that name the same; no other file is read.
#[must_use]
pub fn highlights(files: &dyn Files, file: &Path, offset: usize) -> Vec<Occurrence> {
    let view = View::new(files.index());
    let Some((_, mention, _)) = names::at(files, &view, file, offset) else { return Vec::new() };
    let documents = files.documents(file);
    let ids = documents.iter().flat_map(|document| &document.resources);
    let entries = ids.filter_map(|id| files.index().entry(*id));
    let found = entries.flat_map(|entry| names::read(files, &view, entry, &mention.name));
    let here = found.filter_map(|found| occurrence(files, &found)).filter(|found| found.path == file);
    here.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a place names, in one of the scopes that it counts in.
pub(super) struct Asked<'f, F> {
    pub(super) scope: &'f F,
    entry: &'f Entry,
    pub(super) mention: Mention,
    /// The word, as bytes of the file.
    pub(super) span: Span,
}

/// What byte `offset` of `file` names in each of its scopes `own`; in a patch of a kustomization, what it names in those
/// of all scopes `others` whose resources it changes.
pub(super) fn asked<'f, F: Files>(own: &'f [F], others: &'f [F], file: &Path, offset: usize) -> Vec<Asked<'f, F>> {
    let of_scope = |scope: &'f F| {
        let (entry, mention, start) = names::at(scope, &View::new(scope.index()), file, offset)?;
        let span = mention.span.shifted(start);
        Some(Asked { scope, entry, mention, span })
    };
    let found: Vec<_> = own.iter().filter_map(of_scope).collect();
    if found.is_empty() { others.iter().filter_map(|scope| in_patch(scope, file, offset)).collect() } else { found }
}

/// What a place in a patch names: a name in the value that it sets, or the resource that it is for.
fn in_patch<'f, F: Files>(scope: &'f F, file: &Path, offset: usize) -> Option<Asked<'f, F>> {
    let view = View::new(scope.index());
    scope.patched_at(file, offset).into_iter().find_map(|patched| {
        let entry = &**scope.index().entry(patched.resource)?;
        let document = scope.document(entry)?;
        let mentions = names::mentions(&view, entry, &document);
        let is_here = |mention: &&Mention| {
            let place = scope.place_of(entry.id, mention.whole);
            place.is_some_and(|place| place.path == file && place.span.touches(offset))
        };
        if let Some(mention) = mentions.iter().find(is_here).cloned() {
            let span = scope.place_of(entry.id, mention.span)?.span;
            return Some(Asked { scope, entry, mention, span });
        }
        let mention = mentions.into_iter().find(|mention| is_own_name(entry, mention))?;
        let called = called(scope, entry, mention.span.of(&document.text)).into_iter();
        let mut places = called.filter(|called| called.pattern.is_none()).map(|called| called.place);
        let span = places.find(|place| place.path == file && place.span.touches(offset))?.span;
        Some(Asked { scope, entry, mention, span })
    })
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
    let asked = asked(own, others, file, offset);
    for Asked { scope, entry, mention, .. } in &asked {
        let found = names::find(*scope, &View::new(scope.index()), mention, Some(entry));
        all.extend(found.iter().flat_map(|found| occurrences(*scope, found)));
        if !named.iter().any(|known| known.name == mention.name) {
            named.push(mention.clone());
        }
    }
    let is_asked = |scope: &F| asked.iter().any(|asked| asked.scope.index().scope() == scope.index().scope());
    let is_own = |scope: &F| own.iter().any(|own| own.index().scope() == scope.index().scope());
    for scope in others.iter().filter(|scope| !is_asked(scope) && !is_own(scope)) {
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

/// The same, with all that a file which takes part means in its other scopes, and so on: what has to change together.
pub(super) fn together<F: Files>(
    own: &[F],
    others: &[F],
    file: &Path,
    offset: usize,
) -> Option<(Mention, BTreeSet<Occurrence>)> {
    let (mention, mut all) = everywhere(own, others, file, offset)?;
    let mut left: Vec<&F> =
        others.iter().filter(|scope| own.iter().all(|own| own.index().scope() != scope.index().scope())).collect();
    loop {
        let counts = |scope: &F, place: &Occurrence| {
            scope.document_at(&place.path, place.span.start()).is_some_and(|document| !document.resources.is_empty())
        };
        let next = left.iter().position(|scope| all.iter().any(|place| counts(scope, place)));
        let Some(scope) = next.map(|at| left.swap_remove(at)) else { return Some((mention, all)) };
        let mut named: Vec<Name> = Vec::new();
        for place in all.clone().iter().filter(|place| counts(scope, place)) {
            let own = std::slice::from_ref(scope);
            let asked = asked(own, &[], &place.path, place.span.start());
            if asked.iter().any(|asked| named.contains(&asked.mention.name) && asked.mention.selector.is_none()) {
                continue;
            }
            named.extend(asked.into_iter().map(|asked| asked.mention.name));
            all.extend(everywhere(own, &[], &place.path, place.span.start()).into_iter().flat_map(|(_, found)| found));
        }
    }
}

/// The place of a mention; of the name of a resource also those where kustomizations call it so.
fn occurrences(files: &dyn Files, found: &Found<'_>) -> Vec<Occurrence> {
    let mut all: Vec<_> = occurrence(files, found).into_iter().collect();
    if is_own_name(found.entry, &found.mention) {
        let written = files.document(found.entry).map(|document| found.mention.span.of(&document.text).to_owned());
        let called = called(files, found.entry, &written.unwrap_or_default()).into_iter();
        all.extend(called.filter(|called| called.pattern.is_none()).map(|called| called.place));
    }
    all
}

/// The mention is the resource's own name.
pub(super) fn is_own_name(entry: &Entry, mention: &Mention) -> bool {
    mention.defines && entry.resource.metadata.name.span().is_some_and(|span| span.contains(mention.span))
}

fn occurrence(files: &dyn Files, found: &Found<'_>) -> Option<Occurrence> {
    let PlaceOf { path, span, .. } = files.place_of(found.entry.id, found.mention.span)?;
    Some(Occurrence { path, span, defines: found.mention.defines })
}
