//! The files that `paths` of a scope, or `context`, name.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Folders and globs below a root. A folder stands for all that is in it; `!` in front takes out again.
#[derive(Debug, Clone)]
pub struct Paths(Gitignore);

impl Paths {
    /// The folders and globs of `patterns`, relative to `root`. One that is no glob, which is a finding, names nothing.
    #[must_use]
    pub fn new(root: &Path, patterns: &[String]) -> Self {
        let mut globs = GitignoreBuilder::new(root);
        for pattern in patterns {
            let (sign, path) = pattern.strip_prefix('!').map_or(("", pattern.as_str()), |path| ("!", path));
            let path = path.strip_prefix("./").unwrap_or(path).trim_start_matches('/');
            let path = if path.is_empty() || path == "." { "**" } else { path };
            // Without a slash in front a glob would count at any depth.
            if let Err(error) = globs.add_line(None, &format!("{sign}/{path}")) {
                tracing::warn!("`{pattern}` names nothing: {error}");
            }
        }
        Self(globs.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// The file at `path` is named.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        path.starts_with(self.0.path()) && self.0.matched_path_or_any_parents(path, false).is_ignore()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Paths;

    #[test]
    fn folders_and_globs_are_relative_to_the_root() {
        let held = |patterns: &[&str], path: &str| {
            let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
            Paths::new(Path::new("/work"), &patterns).holds(Path::new(path))
        };
        for pattern in ["base", "base/", "./base", "/base", "base/**", "base/*.yaml", "**/web.yaml", "."] {
            assert!(held(&[pattern], "/work/base/web.yaml"), "{pattern}");
        }
        for pattern in ["apps", "web.yaml", "*.yaml", "other/base", "base/web"] {
            assert!(!held(&[pattern], "/work/base/web.yaml"), "{pattern}");
        }
        assert!(held(&["base"], "/work/base/deep/web.yaml"));
        assert!(!held(&["base", "!base/web.yaml"], "/work/base/web.yaml"));
        assert!(!held(&["base"], "/elsewhere/base/web.yaml"));
        assert!(!held(&[], "/work/base/web.yaml"));
    }
}
