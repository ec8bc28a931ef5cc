//! Renaming what is under the cursor: every mention in every file and scope changes, or none does.

use std::path::Path;

use super::Files;
use super::names::{self, Mention, Name};
use super::references::{Occurrence, everywhere};
use crate::index::View;
use crate::resource::{Kind, host};
use crate::text::Span;
use crate::yaml::Document;

/// What would be renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The word under the cursor, as bytes of the file.
    pub span: Span,
    /// What it is now.
    pub word: String,
}

/// What a rename at byte `offset` of `file` is about.
///
/// # Errors
/// Why it cannot be renamed, for a person.
pub fn prepare_rename(files: &dyn Files, file: &Path, offset: usize) -> Result<Renamed, String> {
    let view = View::new(files.index());
    let (_, mention, start) =
        names::at(files, &view, file, offset).ok_or("nothing here has a name that istio-ls follows")?;
    allowed(&mention.name)?;
    let document = files.document_at(file, offset).ok_or("there is no document here")?;
    let word = mention.span.of(&document.document.text).to_owned();
    Ok(Renamed { span: mention.span.shifted(start), word })
}

/// The places that get `new` instead. `documents` are all documents of the workspace with their files.
///
/// # Errors
/// Why it cannot be done, for a person.
pub fn rename<'d, F: Files>(
    own: &[F],
    others: &[F],
    documents: impl Iterator<Item = (&'d Path, &'d Document, usize)>,
    (file, offset): (&Path, usize),
    new: &str,
) -> Result<Vec<Occurrence>, String> {
    let scope = own.first().ok_or("this file is part of no scope")?;
    let renamed = prepare_rename(scope, file, offset)?;
    let (mention, found) =
        everywhere(own, others, file, offset).ok_or("nothing here has a name that istio-ls follows")?;
    valid(&mention.name, new)?;
    if !found.iter().any(|place| place.defines) {
        return Err(format!("{} is defined nowhere in the workspace", mention.name.title()));
    }
    free(own, &mention, new)?;
    for (path, document, start) in documents.filter(|(_, document, _)| document.templated) {
        if let Some(line) = mentions_word(document, &renamed.word) {
            let known = found.iter().any(|place| place.path == path && place.span.start() >= start);
            let why = if known { "a template mentions it" } else { "a template has the same word" };
            return Err(format!("{why}, which has to be renamed by hand: {} in {}", line.trim(), path.display()));
        }
    }
    Ok(found.into_iter().collect())
}

/// The first line of a template with `word` as a whole word, `apiVersion` left out.
fn mentions_word<'d>(document: &'d Document, word: &str) -> Option<&'d str> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let stands_alone = |line: &str, at: usize| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    };
    let lines = document.text.lines().filter(|line| !line.trim_start().starts_with("apiVersion:"));
    lines.into_iter().find(|line| line.match_indices(word).any(|(at, _)| stands_alone(line, at)))
}

fn allowed(name: &Name) -> Result<(), String> {
    let why = match name {
        Name::Namespace(_) => "a namespace holds objects that istio-ls does not see",
        Name::Provider(_) => "providers are named by the mesh configuration",
        Name::Host(host) if host::is_wildcard(host) => "a wildcard stands for many hosts",
        Name::Resource(kind, ..) if kind.group() == "" && !matches!(kind, Kind::Secret | Kind::ServiceAccount) => {
            "other objects may name it in fields that istio-ls does not read"
        }
        Name::Resource(kind, ..) if kind.group() == "apps" || kind.group() == "batch" => {
            "other objects may name it in fields that istio-ls does not read"
        }
        _ => return Ok(()),
    };
    Err(format!("{} is not renamed: {why}", name.title()))
}

/// `new` can be such a name.
fn valid(name: &Name, new: &str) -> Result<(), String> {
    let of_label =
        |text: &str| text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    let bounded = |text: &str| text.len() <= 63 && !text.starts_with('-') && !text.ends_with('-') && !text.is_empty();
    let is_label = |text: &str| bounded(text) && of_label(text);
    let is_domain = |text: &str| text.len() <= 253 && text.split('.').all(is_label);
    let fits = match name {
        Name::Host(host) if host::service_of_fqdn(host).is_some() => is_label(new),
        Name::Host(_) | Name::Resource(..) => is_domain(new),
        Name::Label(..) => {
            let letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
            new.len() <= 63 && !new.is_empty() && new.chars().all(letter)
        }
        _ => is_label(new),
    };
    if fits { Ok(()) } else { Err(format!("`{new}` cannot be the name of a {}", first_word(&name.title()))) }
}

fn first_word(title: &str) -> &str {
    title.split(' ').next().unwrap_or(title)
}

/// Nothing has the new name yet; labels may be shared.
fn free<F: Files>(own: &[F], mention: &Mention, new: &str) -> Result<(), String> {
    let name = match &mention.name {
        Name::Host(host) => match host::service_of_fqdn(host) {
            Some((namespace, _)) => Name::Host(host::service_fqdn(new, namespace).into()),
            None => Name::Host(new.into()),
        },
        Name::Subset(host, _) => Name::Subset(host.clone(), new.into()),
        Name::Port(host, _) => Name::Port(host.clone(), new.into()),
        Name::Resource(kind, namespace, _) => Name::Resource(*kind, namespace.clone(), new.into()),
        Name::Listener(namespace, gateway, _) => Name::Listener(namespace.clone(), gateway.clone(), new.into()),
        Name::Label(..) | Name::Namespace(_) | Name::Provider(_) => return Ok(()),
    };
    let wanted = Mention { name, selector: None, ..mention.clone() };
    let taken = own.iter().any(|scope| !names::definitions(scope, &View::new(scope.index()), &wanted).is_empty());
    if taken { Err(format!("{} exists already", wanted.name.title())) } else { Ok(()) }
}
