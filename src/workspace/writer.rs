//! The writer: one thread that owns the workspaces, takes changes in order and publishes what readers see.
//!
//! It never waits for a reader. Several texts of one document in a row are read once; checks are made in small portions,
//! and between two of them the writer looks for new changes, so that typing is never behind checking.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use ropey::Rope;
use tokio::sync::{oneshot, watch};

use super::load::Unreadable;
use super::roots::Roots;
use super::{ChartCall, Settings, Snapshot};
use crate::helm::Rendered;

/// How many resources are checked before the writer looks for new changes.
const PORTION: usize = 128;

/// Something that happened; changes take effect in the order in which they are sent.
#[derive(Debug)]
pub enum Change {
    /// An open document has this text now, and this version in the editor.
    Text {
        /// The file, or `untitled:...`.
        path: PathBuf,
        /// The whole text.
        text: Rope,
        /// The editor's version.
        version: i32,
    },
    /// A document was closed: what the disk holds counts again.
    Closed(PathBuf),
    /// Files may have changed on disk.
    Disk(Vec<PathBuf>),
    /// The folders of the workspace.
    Folders(Vec<PathBuf>),
    /// The editor's settings.
    Settings(Box<Settings>),
    /// What Helm made of charts.
    Rendered(Vec<(ChartCall, Rendered)>),
    /// Answer when the file is wholly checked.
    WhenChecked(PathBuf, oneshot::Sender<()>),
}

/// What readers see after a change.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Everything up to this change is in it.
    pub revision: u64,
    /// The folders have been read.
    pub ready: bool,
    /// One snapshot a root, the inner ones first; the last is that of files outside all of them.
    pub(super) snapshots: Arc<Vec<(Option<PathBuf>, Snapshot)>>,
    versions: Arc<HashMap<PathBuf, i32>>,
}

impl Published {
    /// The snapshot that holds `path`.
    #[must_use]
    pub fn snapshot(&self, path: &Path) -> Option<&Snapshot> {
        let is_in = |(root, _): &&(Option<PathBuf>, Snapshot)| root.as_ref().is_some_and(|root| path.starts_with(root));
        let named = || self.snapshots.iter().find(|(_, snapshot)| snapshot.file(path).is_some());
        let found = self.snapshots.iter().find(is_in).or_else(named).or(self.snapshots.last());
        found.map(|(_, snapshot)| snapshot)
    }

    /// The snapshots of all roots; the last is that of files outside.
    pub fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        self.snapshots.iter().map(|(_, snapshot)| snapshot)
    }

    /// The editor's version of an open document that the snapshot is of.
    #[must_use]
    pub fn version(&self, path: &Path) -> Option<i32> {
        self.versions.get(path).copied()
    }
}

/// What the writer tells.
#[derive(Debug, Clone)]
pub enum Event {
    /// Folders are being read (with how many) or have been.
    Indexing(Option<usize>),
    /// These could not be read as they are; each is told once.
    Unreadable(Vec<Unreadable>),
    /// What is read besides the folders of the editor stands in these files and folders.
    Outside(Vec<PathBuf>),
    /// Helm is to render these, and [`Change::Rendered`] to answer.
    Charts(Vec<ChartCall>),
    /// The findings or the text of these files changed, and they are wholly checked.
    Changed(Vec<PathBuf>, Published),
}

/// The way to the writer; it ends when the last handle is gone.
#[derive(Debug, Clone)]
pub struct Writer {
    changes: Sender<(u64, Change)>,
    sent: Arc<AtomicU64>,
    published: watch::Receiver<Published>,
}

impl Writer {
    /// Starts the thread; `tell` is called on it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(tell: impl FnMut(Event) + Send + 'static) -> std::io::Result<Self> {
        let (changes, receiver) = channel();
        let (publisher, published) = watch::channel(Published::default());
        let thread = Thread {
            receiver,
            publisher,
            tell: Box::new(tell),
            roots: Roots::default(),
            versions: HashMap::new(),
            waiting: Vec::new(),
            recent: Vec::new(),
            told: BTreeSet::new(),
            outside: BTreeSet::new(),
            revision: 0,
            ready: false,
        };
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || thread.run())?;
        Ok(Self { changes, sent: Arc::new(AtomicU64::new(0)), published })
    }

    /// Sends a change and answers its revision. Callers that must keep an order call from one place.
    pub fn send(&self, change: Change) -> u64 {
        let revision = self.sent.fetch_add(1, Ordering::SeqCst) + 1;
        if self.changes.send((revision, change)).is_err() {
            tracing::error!("the writer has ended; a change is lost");
        }
        revision
    }

    /// The revision of the newest change sent.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    /// What is published now.
    #[must_use]
    pub fn now(&self) -> Published {
        self.published.borrow().clone()
    }

    /// What is published as soon as it holds `revision`; the newest there is when the writer has ended.
    pub async fn at(&self, revision: u64) -> Published {
        let mut published = self.published.clone();
        match published.wait_for(|published| published.revision >= revision).await {
            Ok(published) => published.clone(),
            Err(_) => self.now(),
        }
    }
}

struct Thread {
    receiver: Receiver<(u64, Change)>,
    publisher: watch::Sender<Published>,
    tell: Box<dyn FnMut(Event) + Send>,
    roots: Roots,
    versions: HashMap<PathBuf, i32>,
    waiting: Vec<(PathBuf, oneshot::Sender<()>)>,
    /// Open documents, the one edited last first: checked before everything else.
    recent: Vec<PathBuf>,
    /// What could not be read and is known to the editor.
    told: BTreeSet<Unreadable>,
    outside: BTreeSet<PathBuf>,
    revision: u64,
    ready: bool,
}

impl Thread {
    fn run(mut self) {
        let mut idle = true;
        loop {
            let mut changes = Vec::new();
            if idle {
                match self.receiver.recv() {
                    Ok(change) => changes.push(change),
                    Err(_) => return,
                }
            }
            changes.extend(self.receiver.try_iter());
            if !changes.is_empty() {
                self.take(changes);
            }
            idle = self.roots.check_some(&self.recent, PORTION);
            self.report();
        }
    }

    /// Applies changes in order; of several texts of one document without anything else between, only the last is read.
    fn take(&mut self, changes: Vec<(u64, Change)>) {
        let mut texts: BTreeMap<PathBuf, (Rope, i32)> = BTreeMap::new();
        // While somebody types, Helm is not run.
        let mut is_of_disk = false;
        for (revision, change) in changes {
            self.revision = revision;
            match change {
                Change::Text { path, text, version } => {
                    texts.insert(path, (text, version));
                }
                Change::WhenChecked(path, reply) => self.waiting.push((path, reply)),
                other => {
                    is_of_disk = true;
                    self.read(std::mem::take(&mut texts));
                    self.apply(other);
                }
            }
        }
        self.read(texts);
        self.publish();
        self.tell_of_disk();
        let calls = if is_of_disk { self.roots.take_chart_calls() } else { Vec::new() };
        if !calls.is_empty() {
            (self.tell)(Event::Charts(calls));
        }
    }

    /// Tells what the disk refused and where it must be watched.
    fn tell_of_disk(&mut self) {
        let unreadable: Vec<Unreadable> = self.roots.take_unreadable().difference(&self.told).cloned().collect();
        if !unreadable.is_empty() {
            self.told.extend(unreadable.iter().cloned());
            (self.tell)(Event::Unreadable(unreadable));
        }
        let outside = self.roots.outside();
        if outside != self.outside {
            (self.tell)(Event::Outside(outside.iter().cloned().collect()));
            self.outside = outside;
        }
    }

    fn read(&mut self, texts: BTreeMap<PathBuf, (Rope, i32)>) {
        for (path, (text, version)) in texts {
            self.recent.retain(|other| *other != path);
            self.recent.insert(0, path.clone());
            self.versions.insert(path.clone(), version);
            self.roots.open(&path, text.to_string());
        }
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Closed(path) => {
                self.recent.retain(|other| *other != path);
                self.versions.remove(&path);
                self.roots.close(&path);
            }
            Change::Disk(paths) => paths.iter().for_each(|path| self.roots.read_again(path)),
            Change::Folders(folders) => {
                (self.tell)(Event::Indexing(Some(folders.len())));
                self.roots.set_folders(&folders);
                self.ready = true;
                (self.tell)(Event::Indexing(None));
            }
            Change::Settings(settings) => self.roots.set_settings(*settings),
            Change::Rendered(rendered) => self.roots.set_rendered(rendered),
            Change::Text { .. } | Change::WhenChecked(..) => {}
        }
    }

    fn publish(&mut self) {
        self.publisher.send_replace(self.published());
    }

    fn published(&self) -> Published {
        Published {
            revision: self.revision,
            ready: self.ready,
            snapshots: Arc::new(self.roots.snapshots()),
            versions: Arc::new(self.versions.clone()),
        }
    }

    /// Tells which files are ready, and answers those who waited for theirs.
    fn report(&mut self) {
        let changed = self.roots.take_changed();
        let (done, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(path, _)| self.roots.is_checked(path));
        self.waiting = waiting;
        if !changed.is_empty() || !done.is_empty() {
            self.publish();
        }
        for (_, reply) in done {
            // Whoever asked may have gone.
            let _ = reply.send(());
        }
        if !changed.is_empty() {
            let published = self.published();
            (self.tell)(Event::Changed(changed, published));
        }
    }
}
