//! The files that `paths` of a scope, or `context`, name.

use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Folders and globs, relative to a root. A folder stands for all that is in it; `!` in front takes out again; `..` leads
/// out of the root.
#[derive(Debug, Clone)]
pub struct Paths {
    root: PathBuf,
    inside: Gitignore,
    outside: Vec<Outside>,
    /// What is named without wildcards inside.
    plain: Vec<PathBuf>,
}

/// A pattern that leads out of the root.
#[derive(Debug, Clone)]
struct Outside {
    negated: bool,
    /// What comes before the first wildcard.
    base: PathBuf,
    /// What follows; nothing: all of it.
    below: Option<Gitignore>,
}

impl Paths {
    /// The folders and globs of `patterns`, relative to `root`. One that is no glob, which is a finding, names nothing.
    #[must_use]
    pub fn new(root: &Path, patterns: &[String]) -> Self {
        let mut globs = GitignoreBuilder::new(root);
        let (mut outside, mut plain) = (Vec::new(), Vec::new());
        for pattern in patterns {
            let (sign, path) = pattern.strip_prefix('!').map_or(("", pattern.as_str()), |path| ("!", path));
            let (base, below) = split(root, path);
            let Ok(inside) = base.strip_prefix(root) else {
                outside.push(Outside::of(!sign.is_empty(), base, &below));
                continue;
            };
            let fixed = inside.to_string_lossy().replace('\\', "/");
            let glob =
                [fixed.as_str(), &below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
            if below.is_empty() && sign.is_empty() && !fixed.is_empty() {
                plain.push(base.clone());
            }
            let glob = if glob.is_empty() { "**" } else { &glob };
            // Without a slash in front a glob would count at any depth.
            if let Err(error) = globs.add_line(None, &format!("{sign}/{glob}")) {
                tracing::warn!("`{pattern}` names nothing: {error}");
            }
        }
        Self { root: root.to_owned(), inside: globs.build().unwrap_or_else(|_| Gitignore::empty()), outside, plain }
    }

    /// The file at `path` is named.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        if path.starts_with(&self.root) {
            return self.inside.matched_path_or_any_parents(path, false).is_ignore();
        }
        // As in `.gitignore`, the last one that fits decides.
        self.outside.iter().rev().find(|outside| outside.fits(path)).is_some_and(|outside| !outside.negated)
    }

    /// The files and folders that must be looked into besides the root itself: those outside, and what is named in plain
    /// words, whatever git thinks of it.
    pub fn bases(&self) -> impl Iterator<Item = &Path> {
        let outside = self.outside.iter().filter(|outside| !outside.negated).map(|outside| outside.base.as_path());
        outside.chain(self.plain.iter().map(PathBuf::as_path))
    }
}

impl Outside {
    fn of(negated: bool, base: PathBuf, below: &str) -> Self {
        let glob = |below: &str| {
            let mut glob = GitignoreBuilder::new(&base);
            glob.add_line(None, &format!("/{below}")).ok()?;
            glob.build().ok()
        };
        let below = (!below.is_empty()).then(|| glob(below).unwrap_or_else(Gitignore::empty));
        Self { negated, base, below }
    }

    fn fits(&self, path: &Path) -> bool {
        let fits = |glob: &Gitignore| glob.matched_path_or_any_parents(path, false).is_ignore();
        path.starts_with(&self.base) && self.below.as_ref().is_none_or(fits)
    }
}

/// Where the part of `pattern` before the first wildcard leads from `root`, and the rest.
fn split(root: &Path, pattern: &str) -> (PathBuf, String) {
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let is_glob = |part: &&str| part.contains(['*', '?', '[', '{', '\\']);
    let (fixed, below) = parts.split_at(parts.iter().position(is_glob).unwrap_or(parts.len()));
    (resolve(root, &fixed.join("/")), below.join("/"))
}

/// Where `path` leads from `folder`; links are not followed.
#[must_use]
pub fn resolve(folder: &Path, path: &str) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in folder.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(resolved.components().next_back(), Some(Component::Normal(_))) => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
    }
    resolved
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Paths, resolve};

    fn paths(patterns: &[&str]) -> Paths {
        let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        Paths::new(Path::new("/mesh"), &patterns)
    }

    fn held(patterns: &[&str], path: &str) -> bool {
        paths(patterns).holds(Path::new(path))
    }

    #[test]
    fn folders_and_globs_are_relative_to_the_root() {
        for pattern in ["base", "base/", "./base", "/base", "base/**", "base/*.yaml", "**/web.yaml", "."] {
            assert!(held(&[pattern], "/mesh/base/web.yaml"), "{pattern}");
        }
        for pattern in ["apps", "web.yaml", "*.yaml", "other/base", "base/web"] {
            assert!(!held(&[pattern], "/mesh/base/web.yaml"), "{pattern}");
        }
        assert!(held(&["base"], "/mesh/base/deep/web.yaml"));
        assert!(!held(&["base", "!base/web.yaml"], "/mesh/base/web.yaml"));
        assert!(!held(&["base"], "/elsewhere/base/web.yaml"));
        assert!(!held(&[], "/mesh/base/web.yaml"));
    }

    #[test]
    fn dots_lead_out_of_the_root() {
        for pattern in ["../cluster", "../cluster/*.yaml", "../**/live.yaml", "../cluster/live.yaml", "a/../../cluster"]
        {
            assert!(held(&[pattern], "/cluster/live.yaml"), "{pattern}");
        }
        for pattern in ["../cluster/*.json", "../live.yaml", "cluster"] {
            assert!(!held(&[pattern], "/cluster/live.yaml"), "{pattern}");
        }
        assert!(!held(&["../cluster", "!../cluster/live.yaml"], "/cluster/live.yaml"));
        assert!(held(&["../mesh/base"], "/mesh/base/web.yaml"), "and in again");
    }

    #[test]
    fn what_must_be_looked_into_is_outside_or_named_in_plain_words() {
        let paths = paths(&["../cluster/*.yaml", "!../other", "dump/live.yaml", "base/*"]);
        assert_eq!(paths.bases().collect::<Vec<_>>(), [Path::new("/cluster"), Path::new("/mesh/dump/live.yaml")]);
    }

    #[test]
    fn a_path_is_resolved_by_its_words() {
        assert_eq!(resolve(Path::new("/mesh/a"), "../b/./c"), PathBuf::from("/mesh/b/c"));
        assert_eq!(resolve(Path::new("/mesh"), "/etc/mesh"), PathBuf::from("/etc/mesh"));
        assert_eq!(resolve(Path::new(""), "./mesh.yaml"), PathBuf::from("mesh.yaml"));
        assert_eq!(resolve(Path::new("a"), "../../b"), PathBuf::from("../b"));
    }
}
