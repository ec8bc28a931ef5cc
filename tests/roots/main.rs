//! Which settings count for which file, and what is read of a disk: the same on the command line and in an editor.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod disk;
mod outside;
mod settings;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use istio_ls::cli::{Rules, load};
use istio_ls::workspace::{Change, Event, Published, Writer};
use ropey::Rope;

/// Long enough for a busy machine; nothing waits that long when it works.
const PATIENCE: Duration = Duration::from_secs(30);

/// A VirtualService that is bound to a Gateway.
fn route(gateway: &str) -> String {
    format!(
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{name: web, namespace: shop}}\nspec:\n  \
         hosts: [shop.example.com]\n  gateways: [{gateway}]\n  http:\n  - directResponse: {{status: 200}}\n"
    )
}

/// A Gateway in the namespace `shop`.
fn gateway(name: &str) -> String {
    format!(
        "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  \
         selector: {{istio: ingressgateway}}\n  servers:\n  - port: {{number: 80, name: http, protocol: HTTP}}\n    \
         hosts: [\"*.example.com\"]\n"
    )
}

/// A folder of files, on disk as long as the test runs.
struct Folder(tempfile::TempDir);

impl Folder {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    fn path(&self, inside: &str) -> PathBuf {
        if inside.is_empty() { self.0.path().to_owned() } else { self.0.path().join(inside) }
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(self.0.path()).unwrap_or(path).display().to_string()
    }

    /// `file: rule` for each finding of `istio-ls check`.
    fn check(&self, paths: &[&str]) -> BTreeSet<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| self.path(path)).collect();
        let mut loaded = load(&paths, None, &Rules::default()).unwrap();
        let report = loaded.check();
        report.findings.iter().map(|found| format!("{}: {}", self.shown(&found.location.path), found.rule)).collect()
    }

    /// The files that `istio-ls check` reads.
    fn read(&self, paths: &[&str]) -> BTreeSet<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| self.path(path)).collect();
        let loaded = load(&paths, None, &Rules::default()).unwrap();
        let snapshots = loaded.workspaces.iter().map(|workspace| workspace.snapshot()).collect::<Vec<_>>();
        snapshots.iter().flat_map(|snapshot| snapshot.files()).map(|file| self.shown(&file.path)).collect()
    }
}

/// An editor with these folders open.
struct Editor<'a> {
    folder: &'a Folder,
    writer: Writer,
    events: Arc<Mutex<Vec<Event>>>,
}

impl<'a> Editor<'a> {
    fn open(folder: &'a Folder, folders: &[&str]) -> Self {
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let writer = Writer::start(move |event| heard.lock().unwrap().push(event)).unwrap();
        writer.send(Change::Folders(folders.iter().map(|inside| folder.path(inside)).collect()));
        Self { folder, writer, events }
    }

    fn text(&self, path: &str, text: &str) {
        self.writer.send(Change::Text { path: self.folder.path(path), text: Rope::from_str(text), version: 1 });
    }

    fn disk(&self, paths: &[&str]) {
        self.writer.send(Change::Disk(paths.iter().map(|path| self.folder.path(path)).collect()));
    }

    /// What is known once everything sent before has been taken in.
    fn now(&self) -> Published {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let revision = self.writer.send(Change::Disk(Vec::new()));
        runtime.block_on(self.writer.at(revision))
    }

    /// `file: rule` for each finding about the folders, once nothing is left to check.
    fn findings(&self) -> BTreeSet<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let paths = |published: &Published| {
            let files =
                published.snapshots().flat_map(|snapshot| snapshot.files().into_iter().cloned()).collect::<Vec<_>>();
            files.into_iter().map(|file| file.path.to_path_buf()).collect::<BTreeSet<_>>()
        };
        for path in paths(&self.now()) {
            let (reply, answer) = tokio::sync::oneshot::channel();
            self.writer.send(Change::WhenChecked(path, reply));
            runtime.block_on(answer).unwrap();
        }
        let now = self.now();
        let found = paths(&now).into_iter().flat_map(|path| now.snapshot(&path).unwrap().findings(&path));
        found.map(|found| format!("{}: {}", self.folder.shown(&found.location.path), found.rule)).collect()
    }

    /// The first event that `wanted` makes something of.
    fn heard<T>(&self, wanted: impl Fn(&Event) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = self.events.lock().unwrap().iter().find_map(&wanted) {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "nothing was heard of it");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn set(lines: &[&str]) -> BTreeSet<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}
