//! Runs Helm to render a chart: the only program that istio-ls runs, and only where its user said so.

use std::io::{ErrorKind, Read};
use std::num::NonZero;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::ChartCall;
use crate::helm::Rendered;

/// Helm takes a fraction of a second for a chart.
const LONGEST: Duration = Duration::from_secs(60);

/// Nobody applies more of one chart.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The name of a release that nothing names, as Helm calls it.
const RELEASE: &str = "release-name";

/// Why a chart was not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is no Helm on the `PATH`.
    NoHelm,
    /// What Helm says, for a person.
    Refused(String),
}

/// What Helm makes of each chart, several at a time; `on_done` is called after each. The threads are its own: while they wait
/// for Helm, nobody else does.
#[must_use]
pub fn render_all(calls: Vec<ChartCall>, on_done: impl Fn() + Sync) -> Vec<(ChartCall, Result<Rendered, Failure>)> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(calls.len());
    let waiting = Mutex::new(calls.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let answers = std::iter::from_fn(next).map(|call| (call.clone(), render(&call)));
        answers.inspect(|_| on_done()).collect()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let made = threads.into_iter().flat_map(|thread| -> Vec<_> { thread.join().unwrap_or_default() });
        let mut made: Vec<_> = made.collect();
        made.sort_by(|(one, _), (other, _)| one.cmp(other));
        made
    })
}

/// What Helm makes of a chart. It asks no cluster and fetches nothing.
///
/// # Errors
/// When Helm cannot be run, refuses the chart or does not come to an end.
fn render(call: &ChartCall) -> Result<Rendered, Failure> {
    let mut helm = Command::new("helm");
    helm.args(["template", call.name.as_deref().unwrap_or(RELEASE)]).arg(&call.chart);
    if let Some(namespace) = &call.namespace {
        helm.args(["--namespace", namespace]);
    }
    for file in &call.values {
        helm.arg("--values").arg(&**file);
    }
    helm.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = helm.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::NoHelm,
        _ => Failure::Refused(error.to_string()),
    })?;
    let output = read(child.stdout.take());
    let complaint = read(child.stderr.take());
    let is_done = wait(&mut child).map_err(|error| Failure::Refused(error.to_string()))?;
    let (output, complaint) = (output.join().unwrap_or_default(), complaint.join().unwrap_or_default());
    match is_done {
        Some(true) => Ok(Rendered::read(&output)),
        Some(false) => Err(Failure::Refused(complaint.trim().replace('\n', " "))),
        None => Err(Failure::Refused(format!("it did not end within {} s", LONGEST.as_secs()))),
    }
}

/// Reads all of a stream beside what else is done.
fn read(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is worth as much as nothing: the program has failed then.
        let _ = stream.map(|stream| stream.take(MOST_BYTES).read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The program ended well; none where it had to be stopped.
fn wait(child: &mut Child) -> std::io::Result<Option<bool>> {
    let start = Instant::now();
    while start.elapsed() < LONGEST {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}
