//! What the names in a template stand for where it is read: the dot, `$` and its variables.

use std::cell::Cell;
use std::sync::Arc;

use smol_str::SmolStr;

use super::expression;
use super::value::{Release, Value};

/// Actions and expressions that are worked out for one file, so that templates that include each other without end cost
/// little.
const MOST_WORK: u32 = 20_000;

/// Includes within each other.
const DEEPEST: u8 = 24;

/// What is still to be done for a file at most.
#[derive(Debug)]
pub(super) struct Work(Cell<u32>);

impl Default for Work {
    fn default() -> Self {
        Self(Cell::new(MOST_WORK))
    }
}

impl Work {
    /// One step more; none where there were too many.
    pub(super) fn step(&self) -> Option<()> {
        self.0.set(self.0.get().checked_sub(1)?);
        Some(())
    }
}

/// A place in a template.
#[derive(Debug, Clone)]
pub(super) struct Scope<'a> {
    pub(super) release: &'a Release,
    pub(super) work: &'a Work,
    /// What a lone dot is.
    pub(super) dot: Option<Value>,
    /// What `$` is: the dot with which the template began.
    root: Option<Value>,
    variables: Vec<(SmolStr, Option<Value>)>,
    /// The variables that are set again somewhere, so that nothing is known of them.
    changed: Arc<[SmolStr]>,
    depth: u8,
}

impl<'a> Scope<'a> {
    /// The beginning of a file.
    pub(super) fn of(release: &'a Release, work: &'a Work, changed: Arc<[SmolStr]>) -> Self {
        let root = Some(Value::Root);
        Self { release, work, dot: root.clone(), root, variables: Vec::new(), changed, depth: 0 }
    }

    /// The beginning of a template that is included with `dot`; none where it is too deep.
    pub(super) fn within(&self, dot: Option<Value>, changed: &Arc<[SmolStr]>) -> Option<Self> {
        let depth = Some(self.depth + 1).filter(|depth| *depth <= DEEPEST)?;
        let (root, changed) = (dot.clone(), Arc::clone(changed));
        Some(Self { release: self.release, work: self.work, dot, root, variables: Vec::new(), changed, depth })
    }

    /// The value of an expression; none where it is not known.
    pub(super) fn value(&self, expression: &str) -> Option<Value> {
        self.work.step()?;
        expression::value(expression, self)
    }

    /// The value of a variable, its name without `$`.
    pub(super) fn variable(&self, name: &str) -> Option<Value> {
        if name.is_empty() {
            return self.root.clone();
        }
        let mut latest = self.variables.iter().rev();
        latest.find(|(known, _)| known == name)?.1.clone().filter(|_| !self.changed.iter().any(|other| other == name))
    }

    /// Declares a variable.
    pub(super) fn declare(&mut self, name: &str, value: Option<Value>) {
        self.variables.push((name.trim_start_matches('$').into(), value));
    }

    /// Takes in an action that declares variables or sets them; what sets one is noted as a change.
    pub(super) fn assign(&mut self, words: &str) {
        let (names, expression) = declaration(words);
        if let [name] = names.as_slice() {
            let value = self.value(expression);
            self.declare(name, value);
        }
    }

    /// Declares the variables of a `range`: the value, or the key and the value.
    pub(super) fn bind(&mut self, names: &[&str], key: Option<Value>, value: Option<Value>) {
        match names {
            [name] => self.declare(name, value),
            [first, second] => {
                self.declare(first, key);
                self.declare(second, value);
            }
            _ => {}
        }
    }

    /// How many variables there are.
    pub(super) fn mark(&self) -> usize {
        self.variables.len()
    }

    /// Forgets the variables declared since.
    pub(super) fn back_to(&mut self, mark: usize) {
        self.variables.truncate(mark);
    }
}

/// The variables that `words` declares, and the expression behind them.
pub(super) fn declaration(words: &str) -> (Vec<&str>, &str) {
    match words.split_once(":=").filter(|_| words.starts_with('$')) {
        Some((names, expression)) => (names.split(',').map(str::trim).collect(), expression.trim()),
        None => (Vec::new(), words),
    }
}
