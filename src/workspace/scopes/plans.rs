//! Finds the scopes of a workspace.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::plan::{Layers, Origin, Plan};
use crate::workspace::File;

/// The scopes that files make.
#[derive(Debug, Default)]
pub(in crate::workspace) struct Plans {
    /// In no order; every file with resources belongs to one at least.
    pub(in crate::workspace) found: Vec<Plan>,
    /// The files that say what belongs together; where one changes, the plans do.
    pub(in crate::workspace) built_on: BTreeSet<Arc<Path>>,
}

/// Reads off `files` which scopes there are.
pub(in crate::workspace) fn of<'a>(files: impl Iterator<Item = &'a Arc<File>>) -> Plans {
    let none: Layers = Arc::new([]);
    let members = files.map(|file| (file.path.clone(), none.clone())).collect();
    Plans { found: vec![Plan { origin: Origin::Folder, members, ..Plan::default() }], built_on: BTreeSet::new() }
}
