//! The paths (`crate::text::Span`, `std::fs::read`) that a Rust file names, `use` groups taken apart.
//!
//! Comments, strings and character literals are passed over. This is no Rust parser: it knows just enough tokens to
//! find paths, and the inline modules around them, which `super` counts.

use std::iter::Peekable;
use std::str::Chars;

/// One path as written, and the inline modules (`mod tests { .. }`) it stands in.
#[derive(Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
    pub(crate) inside: Vec<String>,
}

/// All paths of two or more segments in `text`.
pub(crate) fn paths(text: &str) -> Vec<Path> {
    let mut reader = Reader { tokens: tokens(text), at: 0, found: Vec::new() };
    let mut braces: Vec<Option<String>> = Vec::new();
    while let Some(token) = reader.peek(0) {
        match (token, reader.peek(1), reader.peek(2)) {
            ("mod", Some(name), Some("{")) => {
                braces.push(Some(name.to_owned()));
                reader.at += 3;
            }
            ("{", ..) => {
                braces.push(None);
                reader.at += 1;
            }
            ("}", ..) => {
                braces.pop();
                reader.at += 1;
            }
            (name, Some("::"), _) if is_name(name) => {
                let inside: Vec<String> = braces.iter().flatten().cloned().collect();
                reader.path(Vec::new(), &inside);
            }
            _ => reader.at += 1,
        }
    }
    reader.found
}

/// Names, `::`, and single other characters.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, chars.peek()) {
            ('/', Some('/')) => while chars.next().is_some_and(|next| next != '\n') {},
            ('/', Some('*')) => skip_block_comment(&mut chars),
            ('"', _) => skip_string(&mut chars),
            ('r', Some('"' | '#')) => skip_raw_string(&mut chars, &mut tokens),
            ('\'', _) => skip_character(&mut chars),
            (':', Some(':')) => {
                chars.next();
                tokens.push("::".to_owned());
            }
            (char, _) if char == '_' || char.is_alphanumeric() => {
                let mut name = String::from(char);
                while let Some(next) = chars.next_if(|next| *next == '_' || next.is_alphanumeric()) {
                    name.push(next);
                }
                tokens.push(name);
            }
            (char, _) if char.is_whitespace() => {}
            (char, _) => tokens.push(char.to_string()),
        }
    }
    tokens
}

fn skip_block_comment(chars: &mut Peekable<Chars<'_>>) {
    let mut depth = 0;
    let mut last = '/';
    for char in chars {
        match (last, char) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                last = char;
                continue;
            }
        }
        if depth == 0 {
            return;
        }
        last = ' ';
    }
}

fn skip_string(chars: &mut Peekable<Chars<'_>>) {
    while let Some(char) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            '"' => return,
            _ => {}
        }
    }
}

/// After an `r`: a raw string, or a raw name (`r#type`).
fn skip_raw_string(chars: &mut Peekable<Chars<'_>>, tokens: &mut Vec<String>) {
    let mut hashes = 0;
    while chars.next_if_eq(&'#').is_some() {
        hashes += 1;
    }
    if chars.next_if_eq(&'"').is_none() {
        tokens.push("r".to_owned());
        return;
    }
    while let Some(char) = chars.next() {
        if char == '"' && (0..hashes).all(|_| chars.next_if_eq(&'#').is_some()) {
            return;
        }
    }
}

/// After a quote: a character literal is dropped, a lifetime's name is left as a name of its own.
fn skip_character(chars: &mut Peekable<Chars<'_>>) {
    let mut ahead = chars.clone();
    if ahead.next() == Some('\\') {
        chars.next();
        chars.next();
        while chars.next().is_some_and(|char| char != '\'') {}
    } else if ahead.next() == Some('\'') {
        chars.next();
        chars.next();
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|char: char| char == '_' || char.is_alphabetic())
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
    found: Vec<Path>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<&str> {
        self.tokens.get(self.at + ahead).map(String::as_str)
    }

    /// Reads a path, or the rest of one behind `start`, and leaves the tokens behind it.
    fn path(&mut self, start: Vec<String>, inside: &[String]) {
        let mut segments = start;
        while let Some(name) = self.peek(0).filter(|token| is_name(token)) {
            segments.push(name.to_owned());
            self.at += 1;
            match (self.peek(0), self.peek(1)) {
                (Some("::"), Some("{")) => {
                    self.at += 2;
                    return self.group(&segments, inside);
                }
                (Some("::"), Some("*")) => {
                    self.at += 2;
                    break;
                }
                (Some("::"), Some(name)) if is_name(name) => self.at += 1,
                _ => break,
            }
        }
        if segments.len() > 1 {
            self.found.push(Path { segments, inside: inside.to_vec() });
        }
    }

    /// Reads `a, b::c, self}` behind an opening brace.
    fn group(&mut self, start: &[String], inside: &[String]) {
        while let Some(token) = self.peek(0) {
            match token {
                "}" => {
                    self.at += 1;
                    return;
                }
                name if is_name(name) => {
                    self.path(start.to_vec(), inside);
                    if self.peek(0) == Some("as") {
                        self.at += 2;
                    }
                }
                _ => self.at += 1,
            }
        }
    }
}

#[test]
fn paths_are_found_in_groups_and_expressions_but_not_in_text() {
    let text = r##"
        //! Not `crate::comment::X`.
        use crate::{text::{Span, self as t}, yaml::*};
        use std::fs as disk;
        /* crate::a /* crate::b */ crate::c */
        fn f<'a>(x: &'a str) -> Vec<crate::index::Key> { g('"', '\'', "crate::d \" crate::e", r#"crate::"f"#); super::g() }
        mod tests { fn h() { super::super::i::j(); } }
    "##;
    let shown: Vec<String> =
        paths(text).iter().map(|path| format!("{}|{}", path.inside.join("::"), path.segments.join("::"))).collect();
    assert_eq!(
        shown,
        [
            "|crate::text::Span",
            "|crate::text::self",
            "|crate::yaml",
            "|std::fs",
            "|crate::index::Key",
            "|super::g",
            "tests|super::super::i::j"
        ]
    );
}
