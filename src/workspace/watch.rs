//! Changes on disk, for editors that do not tell them.

use std::path::PathBuf;

use notify::{RecursiveMode, Watcher as _};

use super::{Change, Writer};

/// Follows what changes below `folders` until the process ends.
pub fn follow(writer: &Writer, folders: &[PathBuf]) {
    let (events, receiver) = std::sync::mpsc::channel();
    let mut watcher = match notify::recommended_watcher(events) {
        Ok(watcher) => watcher,
        Err(error) => {
            tracing::warn!("changes on disk are seen only when a file is saved in the editor: {error}");
            return;
        }
    };
    for folder in folders {
        if let Err(error) = watcher.watch(folder, RecursiveMode::Recursive) {
            tracing::warn!("changes below {} are seen only when saved in the editor: {error}", folder.display());
        }
    }
    for event in receiver.iter().filter_map(Result::ok).filter(|event| !event.kind.is_access()) {
        writer.send(Change::Disk(event.paths));
    }
}
