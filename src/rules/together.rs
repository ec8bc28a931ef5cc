//! Which resources are surely applied together, as long as nothing says what a folder is for.

use crate::index::{Entry, Key, View};

/// Something says that the scope is applied as a whole; or both stand in one file; or in one folder that holds no variants,
/// and neither has a twin of the same kind and name elsewhere. The steps of a lesson, the variants of a sample and the cases
/// of a test stand side by side, but are not applied together.
pub(super) fn are_applied_together(view: &View<'_>, one: &Entry, two: &Entry) -> bool {
    view.nature().is_declared
        || one.file == two.file
        || (one.path.parent() == two.path.parent()
            && !are_variants(view, one, two)
            && is_only(view, one)
            && is_only(view, two))
}

/// Both stand in one folder that holds variants, each in a file of its own: where one of them is applied, the other need not
/// be. Of what stands in different folders nothing is said.
pub(super) fn are_variants(view: &View<'_>, one: &Entry, two: &Entry) -> bool {
    let folder = one.path.parent();
    !view.nature().is_declared
        && one.file != two.file
        && folder == two.path.parent()
        && folder.is_some_and(|folder| view.holds_variants(folder))
}

fn is_only(view: &View<'_>, entry: &Entry) -> bool {
    let key = Key::Named(entry.resource.kind, entry.namespace.clone(), entry.name().into());
    view.under(&key).nth(1).is_none()
}
