//! What a template changes while it is filled in: variables that are set anew, and maps that `set` and its like write into.

use smol_str::SmolStr;

use crate::yaml::{self, Verb};

/// What does not stay as it was.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Variables.
    pub(super) variables: Vec<SmolStr>,
    /// Paths below `.Values`, empty for all of it, such as where something is written into that may be any part.
    pub(super) values: Vec<SmolStr>,
    /// Variables that a function writes into.
    written: Vec<SmolStr>,
}

/// The functions that write into their first argument.
const WRITING: [&str; 6] = ["set", "unset", "merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"];

/// What these answer is new, so that nobody else sees a change of it.
const MAKING: [&str; 8] = ["dict", "list", "deepCopy", "mustDeepCopy", "fromYaml", "fromJson", "include", "tuple"];

impl Changes {
    /// Of the whole `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut changes = Self::default();
        let actions = yaml::actions(text).into_iter().filter(|action| action.verb != Verb::Comment);
        let actions: Vec<_> = actions.map(|action| (action.verb, action.words(text))).collect();
        for (verb, words) in &actions {
            if let Some((names, expression)) = words.split_once('=').filter(|_| *verb == Verb::Assign)
                && !names.ends_with(':')
            {
                changes.variables.push(names.trim().trim_start_matches('$').into());
                changes.note(expression);
            } else {
                changes.note(words);
            }
        }
        // What stands in a variable that is written into changes with it.
        let declared = actions.iter().filter_map(|(_, words)| words.split_once(":="));
        let is_shared = |(names, expression): (&str, &str)| {
            let is_changed = |name: &str| changes.written.iter().any(|changed| changed == name);
            let mut names = names.split([' ', ',', '$']).filter(|name| !name.is_empty());
            names.any(is_changed) && expression.contains(['.', '$']) && !MAKING.contains(&first_word(expression))
        };
        let shared = declared.filter(|declared| is_shared(*declared)).map(|(_, expression)| path(expression));
        let shared: Vec<SmolStr> = shared.collect();
        changes.values.extend(shared);
        changes.variables.extend_from_slice(&changes.written);
        changes
    }

    /// Notes what the functions in `words` write into.
    fn note(&mut self, words: &str) {
        let is_name = |letter: char| letter.is_alphanumeric();
        // What is quoted is no function.
        let plain: Vec<&str> = words.split(['"', '`']).step_by(2).collect();
        let words = plain.join("\"\"");
        let mut rest = words.as_str();
        while let Some(word) = rest.split(|letter| !is_name(letter)).find(|word| !word.is_empty()) {
            let Some((before, after)) = rest.split_once(word) else { break };
            rest = after;
            let is_function =
                before.is_empty() || before.ends_with(['(', '|', '=']) || before.ends_with(char::is_whitespace);
            if WRITING.contains(&word) && is_function && after.starts_with(char::is_whitespace) {
                self.writes_into(after.trim_start());
            }
        }
    }

    /// What an argument that begins here is may change.
    fn writes_into(&mut self, argument: &str) {
        if let Some(inner) = argument.strip_prefix('(') {
            if !MAKING.contains(&first_word(inner)) {
                self.values.push(SmolStr::default());
            }
            return;
        }
        let word = argument.split([' ', ')', '|']).next().unwrap_or("");
        match word.strip_prefix('$').map(|name| name.split('.').next().unwrap_or("")) {
            Some(name) if !name.is_empty() => self.written.push(name.into()),
            // Another dot may be anything.
            _ => self.values.push(path(word)),
        }
    }
}

/// The path below `.Values` that an expression is; empty where it may be any part.
fn path(expression: &str) -> SmolStr {
    let word = expression.trim().trim_start_matches('$');
    let path = word.strip_prefix(".Values.").filter(|path| !path.contains([' ', '(', '|']));
    path.unwrap_or("").into()
}

fn first_word(expression: &str) -> &str {
    expression.trim_start_matches([' ', '(']).split([' ', ')']).next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_is_not_known_afterwards() {
        let names = |names: Vec<&str>| names.into_iter().map(SmolStr::from).collect::<Vec<_>>();
        for (text, variables, values) in [
            ("{{ $a := .Values.a }}{{ $b := dict \"set\" 1 }}{{ .Values.set }}", vec![], vec![]),
            ("{{/* set x */}}{{ fail \"set it\" }}{{ .Values.b.merge }}", vec![], vec![]),
            ("{{ $a := 1 }}{{ $a = 2 }}", vec!["a"], vec![]),
            ("{{ $a := dict }}{{ $_ := set $a \"x\" .y }}", vec!["a"], vec![]),
            ("{{ $a := .Values.a }}{{ $_ := set $a \"x\" 1 }}", vec!["a"], vec!["a"]),
            ("{{ range $k, $v := $.Values.b }}{{ $_ := unset $v \"x\" }}{{ end }}", vec!["v"], vec!["b"]),
            ("{{ $a := first .Values.b }}{{ $_ := set $a \"x\" 1 }}", vec!["a"], vec![""]),
            ("{{ $a := .Values.b }}{{ $a = 1 }}", vec!["a"], vec![]),
            ("{{ $_ := set . \"x\" 1 }}{{ $_ := unset .Values \"x\" }}", vec![], vec!["", ""]),
            ("{{ $a := merge (deepCopy .Values.a) .b | unset $c.d }}", vec!["c"], vec![]),
            ("{{ $_ := set $.Values.a.b \"x\" 1 }}", vec![], vec!["a.b"]),
            ("{{ $a := mergeOverwrite (index .Values \"a\") .b }}", vec![], vec![""]),
        ] {
            let changes = Changes::of(text);
            assert_eq!((changes.variables, changes.values), (names(variables), names(values)), "{text}");
        }
    }
}
