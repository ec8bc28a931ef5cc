//! A workspace read for the first time.

use std::path::PathBuf;

use criterion::{BatchSize, Criterion};
use istio_ls::workspace::{Settings, Workspace};

/// The workspace of `files`, wholly checked.
pub(crate) fn checked(files: Vec<(PathBuf, String)>) -> Workspace {
    let mut workspace = Workspace::new(Settings::default());
    workspace.set_texts(files);
    workspace.check_all();
    workspace
}

/// How long a cold start over `files` takes, as `name` of `group`.
pub(crate) fn bench(criterion: &mut Criterion, group: &str, name: &str, files: fn() -> Vec<(PathBuf, String)>) {
    let mut group = criterion.benchmark_group(group);
    group.sample_size(10);
    group.bench_function(name, |bencher| bencher.iter_batched(files, checked, BatchSize::PerIteration));
    group.finish();
}
