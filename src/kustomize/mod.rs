//! Kustomizations: what they say, and a document as they leave it.
//!
//! [`Kustomization`] is a file's content; a [`Layer`] is one whose patches are read and ready; [`apply`] takes a document
//! through the layers above it, the innermost first. A file of `resources` goes through the components of its
//! kustomization and then through the kustomization itself, a file of a component through that component, through those
//! after it and then through the kustomization. Nothing here reads a disk, and nothing here can fail: what is wrong with
//! a patch is a [`Defect`].
//!
//! The order within a layer is that of kustomize (`kusttarget_configplugin.go`): strategic merges, `patches`, namespace,
//! prefix and suffix, labels, annotations, `patchesJson6902`. A value from a patch has its place in the patch; a value
//! that a kustomization sets (namespace, prefix, label) has that of what it was set on. References in fields of Istio do
//! not follow a prefix: kustomize does not know them.

mod apply;
mod defect;
mod identity;
mod inline;
mod json;
mod kustomization;
mod labels;
mod layer;
mod lists;
mod merged;
mod names;
mod patch;
mod replace;
mod strategic;
mod target;
mod touched;
mod tree;

pub use apply::{Applied, Change, apply};
pub use defect::Defect;
pub use kustomization::{
    FILE_NAMES, FieldSpec, Generated, Kustomization, LabelSet, PatchEntry, PatchOptions, Replacement,
    ReplacementTarget, Selector, is_kustomization, is_remote,
};
pub use layer::Layer;
pub use merged::{Merged, Piece, Source};
pub use patch::Patch;
pub use touched::{Touched, follow};
