//! A kustomization that files go through, kept as long as nothing that it rests on changes.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::plans::Files;
use crate::kustomize::{self, Source};
use crate::workspace::File;
use crate::yaml::{self, Document};

/// A kustomization with its patches, and the documents that it was made of.
#[derive(Debug)]
pub(in crate::workspace) struct Layer {
    pub(in crate::workspace) kustomize: kustomize::Layer,
    /// The kustomization and the files of its patches; those without documents were not there.
    rests_on: Vec<(PathBuf, Vec<Arc<Document>>)>,
}

/// The layers of a workspace by the file of the kustomization.
#[derive(Debug, Default)]
pub(in crate::workspace) struct LayerCache(BTreeMap<Arc<Path>, Arc<Layer>>);

impl LayerCache {
    /// All of them.
    pub(in crate::workspace) fn all(&self) -> &BTreeMap<Arc<Path>, Arc<Layer>> {
        &self.0
    }

    /// The layer that the kustomization `path` is: that of `before`, if nothing changed.
    pub(super) fn layer(&mut self, path: &Arc<Path>, files: &Files<'_>, before: &Self) -> Option<Arc<Layer>> {
        if let Some(layer) = self.0.get(path) {
            return Some(layer.clone());
        }
        let kept = before.0.get(path).filter(|layer| layer.is_current(files)).cloned();
        let layer = kept.or_else(|| Layer::read(path, files).map(Arc::new))?;
        self.0.insert(path.clone(), layer.clone());
        Some(layer)
    }
}

impl Layer {
    fn read(path: &Arc<Path>, files: &Files<'_>) -> Option<Self> {
        let file = files.get(path)?;
        let folder = path.parent()?;
        let source = sources(file).next()?;
        let mut rests_on = vec![(path.to_path_buf(), documents(file))];
        let kustomize = kustomize::Layer::of(source, &mut |relative| {
            let patch = resolve(folder, relative);
            let file = files.get(&*patch);
            rests_on.push((patch, file.map_or_else(Vec::new, |file| documents(file))));
            Some(sources(file?).collect())
        })?;
        Some(Self { kustomize, rests_on })
    }

    /// A kustomization of this text that no file holds.
    pub(super) fn written(text: &str) -> Option<Self> {
        let source = Source { path: Path::new("").into(), document: 0, yaml: Arc::new(yaml::parse(text.into())) };
        let kustomize = kustomize::Layer::of(source, &mut |_| None)?;
        Some(Self { kustomize, rests_on: Vec::new() })
    }

    /// The files of the patches.
    pub(super) fn patches(&self) -> impl Iterator<Item = &Path> {
        self.rests_on.iter().skip(1).map(|(path, _)| path.as_path())
    }

    fn is_current(&self, files: &Files<'_>) -> bool {
        self.rests_on.iter().all(|(path, before)| {
            let now = files.get(path.as_path()).map_or_else(Vec::new, |file| documents(file));
            now.len() == before.len() && now.iter().zip(before).all(|(now, before)| Arc::ptr_eq(now, before))
        })
    }
}

fn documents(file: &File) -> Vec<Arc<Document>> {
    file.documents.iter().map(|document| document.content.yaml.clone()).collect()
}

fn sources(file: &File) -> impl Iterator<Item = Source> {
    let numbered = file.documents.iter().enumerate();
    numbered.map(|(document, placed)| Source { path: file.path.clone(), document, yaml: placed.content.yaml.clone() })
}

/// Where `relative` leads from `folder`; links are not followed.
pub(in crate::workspace) fn resolve(folder: &Path, relative: &str) -> PathBuf {
    let mut resolved = folder.to_owned();
    for component in Path::new(relative).components() {
        match component {
            Component::ParentDir => drop(resolved.pop()),
            Component::Normal(name) => resolved.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    resolved
}
