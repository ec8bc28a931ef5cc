//! Changes on disk, for editors that do not tell them.

use std::path::{Path, PathBuf};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::{Change, Writer};

/// Follows changes on disk as long as it lives.
#[derive(Debug, Default)]
pub struct Follower {
    _watcher: Option<RecommendedWatcher>,
}

impl Follower {
    /// Tells `writer` what changes at `places`: below folders, and at files, whether they are there yet or not.
    #[must_use]
    pub fn of(writer: &Writer, places: &[PathBuf]) -> Self {
        if places.is_empty() {
            return Self::default();
        }
        let writer = writer.clone();
        let tell = move |event: notify::Result<Event>| {
            if let Some(event) = event.ok().filter(|event| !event.kind.is_access()) {
                writer.send(Change::Disk(event.paths));
            }
        };
        match notify::recommended_watcher(tell) {
            Ok(mut watcher) => {
                places.iter().for_each(|place| follow(&mut watcher, place));
                Self { _watcher: Some(watcher) }
            }
            Err(error) => {
                tracing::warn!("changes on disk are seen only when a file is saved in the editor: {error}");
                Self::default()
            }
        }
    }
}

fn follow(watcher: &mut RecommendedWatcher, place: &Path) {
    // What replaces a file has another identity, so the folder is watched.
    let watched = match place.is_dir() {
        true => watcher.watch(place, RecursiveMode::Recursive),
        false => watcher.watch(place.parent().unwrap_or(place), RecursiveMode::NonRecursive),
    };
    if let Err(error) = watched {
        tracing::warn!("changes at {} are seen only when saved in the editor: {error}", place.display());
    }
}
