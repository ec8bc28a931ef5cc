//! Renaming what is under the cursor: every mention in every file and scope changes, or none does.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use smol_str::SmolStr;

use super::kustomized::{called, is_match};
use super::names::{self, Mention, Name};
use super::references::{Asked, Occurrence, asked, together};
use super::{DocumentAt, Files};
use crate::index::View;
use crate::kustomize::Layer;
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

/// What a rename at byte `offset` of `file` is about. `own` are the scopes of the file, `others` all of them.
///
/// # Errors
/// Why it cannot be renamed, for a person.
pub fn prepare_rename<F: Files>(own: &[F], others: &[F], file: &Path, offset: usize) -> Result<Renamed, String> {
    let asked = asked(own, others, file, offset);
    let Asked { scope, mention, span, .. } = asked.first().ok_or(NOTHING)?;
    allowed(&mention.name)?;
    let DocumentAt { document, start, .. } = scope.document_at(file, offset).ok_or(NOTHING)?;
    let within = Span::new(span.start().saturating_sub(start), span.end().saturating_sub(start));
    Ok(Renamed { span: *span, word: within.of(&document.text).to_owned() })
}

const NOTHING: &str = "nothing here has a name that istio-ls follows";

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
    let renamed = prepare_rename(own, others, file, offset)?;
    let (mention, found) = together(own, others, file, offset).ok_or(NOTHING)?;
    valid(&mention.name, new)?;
    if !found.iter().any(|place| place.defines) {
        return Err(format!("{} is defined nowhere in the workspace", mention.name.title()));
    }
    for Asked { scope, mention, .. } in asked(own, others, file, offset) {
        free(scope, &mention, &renamed.word, new)?;
    }
    kustomizations_allow(others, &mention.name, &found, &renamed.word, new)?;
    let changed: HashSet<&Path> = found.iter().map(|place| &*place.path).collect();
    let mut texts: HashMap<&Path, Vec<(&Document, usize)>> = HashMap::new();
    for (path, document, start) in documents {
        if changed.contains(path) {
            texts.entry(path).or_default().push((document, start));
        }
        if let Some(line) = document.templated.then(|| mentions_word(document, &renamed.word)).flatten() {
            let known = found.iter().any(|place| place.path == path && place.span.start() >= start);
            let why = if known { "a template mentions it" } else { "a template has the same word" };
            return Err(format!("{why}, which has to be renamed by hand: {} in {}", line.trim(), path.display()));
        }
    }
    let word = |place: Occurrence| {
        let documents = texts.get(&*place.path).map_or(&[][..], Vec::as_slice);
        let within = |(document, start): &&(&Document, usize)| {
            *start <= place.span.start() && place.span.end() <= start + document.text.len()
        };
        let text = documents.iter().find(within).map_or("", |(document, start)| {
            let (from, to) = (place.span.start() - start, place.span.end() - start);
            Span::new(from, to).of(&document.text)
        });
        own_part(place, text, &renamed.word)
    };
    found.iter().cloned().map(word).collect()
}

/// The part of a place, written as `text`, that is the `word` to be renamed: kustomizations may put more around a name.
fn own_part(place: Occurrence, text: &str, word: &str) -> Result<Occurrence, String> {
    if text == word || text.starts_with(['"', '\'']) {
        return Ok(place);
    }
    let places: Vec<_> = text.match_indices(word).map(|(at, _)| place.span.start() + at).collect();
    match places.as_slice() {
        [at] if !place.defines => Ok(Occurrence { span: Span::new(*at, at + word.len()), ..place }),
        _ => Err(format!(
            "it is called `{text}` in {}, to which a kustomization adds: rename it there",
            place.path.display()
        )),
    }
}

/// No expression of a kustomization would lose or win an object, and none sets the label again.
fn kustomizations_allow<F: Files>(
    scopes: &[F],
    name: &Name,
    found: &BTreeSet<Occurrence>,
    word: &str,
    new: &str,
) -> Result<(), String> {
    for (scope, place) in scopes.iter().flat_map(|scope| found.iter().map(move |place| (scope, place))) {
        let Some(document) = scope.document_at(&place.path, place.span.start()) else { continue };
        for entry in document.resources.iter().filter_map(|id| scope.index().entry(*id)) {
            let layers = scope.layers(entry.id);
            if let Name::Label(_, key, value) = name
                && let Some(layer) = layers.iter().find(|layer| sets(layer, key, value))
            {
                let by = layer.source.path.display();
                return Err(format!("{by} sets the label {key}: {value} in its kustomization: rename it there"));
            }
            let is_name = entry.resource.metadata.name.span().is_some_and(|span| {
                scope
                    .place_of(entry.id, span)
                    .is_some_and(|own| own.path == place.path && own.span.contains(place.span))
            });
            let called = if is_name && !layers.is_empty() { called(scope, entry, word) } else { Vec::new() };
            for (pattern, place) in called.into_iter().filter_map(|called| Some((called.pattern?, called.place))) {
                let renamed = entry.name().replacen(word, new, 1);
                if !is_match(&pattern, new) && !is_match(&pattern, &renamed) {
                    let path = place.path.display();
                    return Err(format!("`{pattern}` in {path} selects {word} and would not select {new}"));
                }
            }
        }
    }
    Ok(())
}

/// The kustomization gives objects this label.
fn sets(layer: &Layer, key: &str, value: &str) -> bool {
    let sets = layer.kustomization.labels.items().map(|set| &set.pairs);
    let mut all = sets.chain([&layer.kustomization.common_labels]);
    all.any(|pairs| pairs.under(key).is_some_and(|set| set.value == value))
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

/// Nothing has the new name yet, which takes the place of `word` in the old one; labels may be shared.
fn free(scope: &dyn Files, mention: &Mention, word: &str, new: &str) -> Result<(), String> {
    let renamed =
        |name: &str| SmolStr::from(if name.contains(word) { name.replacen(word, new, 1) } else { new.into() });
    let name = match &mention.name {
        Name::Host(host) => match host::service_of_fqdn(host) {
            Some((namespace, name)) => Name::Host(host::service_fqdn(&renamed(name), namespace).into()),
            None => Name::Host(new.into()),
        },
        Name::Subset(host, _) => Name::Subset(host.clone(), new.into()),
        Name::Port(host, _) => Name::Port(host.clone(), new.into()),
        Name::Resource(kind, namespace, name) => Name::Resource(*kind, namespace.clone(), renamed(name)),
        Name::Listener(namespace, gateway, _) => Name::Listener(namespace.clone(), gateway.clone(), new.into()),
        Name::Label(..) | Name::Namespace(_) | Name::Provider(_) => return Ok(()),
    };
    let wanted = Mention { name, selector: None, ..mention.clone() };
    let taken = !names::definitions(scope, &View::new(scope.index()), &wanted).is_empty();
    if taken { Err(format!("{} exists already", wanted.name.title())) } else { Ok(()) }
}
