//! Values that `replacements` copy from elsewhere: what they become is not known.

use super::identity::Identity;
use super::target::Target;
use super::{Kustomization, tree};
use crate::yaml::Node;

/// Fields of the objects that a target selects.
#[derive(Debug)]
pub(super) struct Replaced {
    target: Target,
    paths: Vec<Vec<String>>,
}

impl Replaced {
    /// What the kustomization replaces.
    pub(super) fn of(kustomization: &Kustomization) -> Vec<Self> {
        let targets = kustomization.replacements.items().flat_map(|replacement| replacement.targets.items());
        let read = targets.map(|target| {
            let paths = target.field_paths.items().map(|path| steps(path)).collect();
            Some(Self { target: Target::of(target.select.value()?).ok()?, paths })
        });
        read.flatten().collect()
    }

    /// It changes the object.
    pub(super) fn is_for(&self, node: &Node, before: &[Identity], now: &Identity) -> bool {
        self.target.selects(node, now, before.first().unwrap_or(now))
    }

    /// Takes away what is known of the fields.
    pub(super) fn forget(&self, node: &mut Node) {
        for path in &self.paths {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            tree::at_path(node, &path, false, &mut |value| *value = tree::unknown(value.span));
        }
    }
}

/// `spec.hosts.[name=a\.b].x`: a dot after a backslash, or in brackets, is one of the name's.
fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let (mut escaped, mut depth) = (false, 0);
    for letter in path.chars() {
        depth += i32::from(letter == '[') - i32::from(letter == ']');
        match letter {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '.' if !escaped && depth == 0 => steps.push(String::new()),
            _ => steps.last_mut().into_iter().for_each(|step| step.push(letter)),
        }
        escaped = false;
    }
    steps
}
