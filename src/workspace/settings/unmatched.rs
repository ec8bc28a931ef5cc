//! The paths of `istio-ls.yaml` that name nothing.

use std::collections::BTreeSet;
use std::path::Path;

use super::defect::{Defect, Defects};
use super::{Paths, mesh_config, resolve};
use crate::text::only_near;
use crate::workspace::Snapshot;
use crate::yaml::{At, Document, Node, Resolved};

/// What `document`, the settings of the folder `root`, names and `snapshot` does not hold. A glob of `exclude` may name
/// nothing: like one in `.gitignore` it is a precaution against what a build or a checkout puts there, on some machines and
/// not on others; and a mistyped one shows itself in the findings that it was to keep out.
pub(super) fn unmatched(document: &Document, root: &Path, snapshot: &Snapshot) -> Vec<Defect> {
    let mut reader = Reader { defects: Defects::new(document), root, snapshot };
    let Some(settings) = &document.root else { return Vec::new() };
    reader.paths(settings, &[At::Key("context")]);
    reader.mesh(settings, &[At::Key("meshConfig")]);
    let scopes = settings.get("scopes").and_then(Node::as_sequence).map_or(&[][..], |scopes| &scopes.items);
    for (number, scope) in scopes.iter().enumerate() {
        let at = [At::Key("scopes"), At::Index(number)];
        reader.paths(scope, &[at[0], at[1], At::Key("paths")]);
        reader.mesh(scope, &[at[0], at[1], At::Key("meshConfig")]);
    }
    reader.defects.found
}

struct Reader<'a> {
    defects: Defects<'a>,
    root: &'a Path,
    snapshot: &'a Snapshot,
}

impl Reader<'_> {
    /// The globs in the list of `holder` that the last step of `path` names.
    fn paths(&mut self, holder: &Node, path: &[At<'_>]) {
        let Some(At::Key(key)) = path.last() else { return };
        let list = holder.get(key).and_then(Node::as_sequence).map_or(&[][..], |list| &list.items);
        for (number, item) in list.iter().enumerate() {
            let Some(glob) = text(item).filter(|glob| !glob.starts_with('!')) else { continue };
            let named = Paths::new(self.root, &[glob.to_owned()]);
            if self.snapshot.files().iter().any(|file| named.holds(&file.path)) {
                continue;
            }
            let message =
                format!("`{glob}` names no file that is read\nPaths are relative to the folder of istio-ls.yaml.");
            let item_path: Vec<At<'_>> = path.iter().copied().chain([At::Index(number)]).collect();
            self.report(&item_path, item, message, glob);
        }
    }

    /// The file that the mesh configuration of `holder` is in.
    fn mesh(&mut self, holder: &Node, path: &[At<'_>]) {
        let Some(node) = holder.get("meshConfig") else { return };
        let Some(name) = text(node) else { return };
        match self.snapshot.file(&resolve(self.root, name)) {
            None => {
                let message = format!("no file `{name}` is read\nPaths are relative to the folder of istio-ls.yaml.");
                self.report(path, node, message, name);
            }
            Some(file) => {
                if let Err(message) = mesh_config(&file.text()) {
                    self.defects.not_used(node, format!("`{name}` does not say what the mesh is like: {message}"));
                }
            }
        }
    }

    fn report(&mut self, path: &[At<'_>], node: &Node, message: String, written: &str) {
        let files = self.snapshot.files();
        let inside = files.iter().filter_map(|file| file.path.strip_prefix(self.root).ok());
        let names: BTreeSet<String> = inside
            .flat_map(|file| file.ancestors().filter(|path| !path.as_os_str().is_empty()))
            .map(|path| path.to_string_lossy().replace('\\', "/"))
            .collect();
        let near = only_near(written.trim_end_matches('/'), names.iter().map(String::as_str));
        self.defects.unmatched(path, node.span, message, near);
    }
}

fn text(node: &Node) -> Option<&str> {
    node.as_scalar().filter(|scalar| scalar.resolve() == Resolved::String).map(|scalar| scalar.text.as_str())
}
