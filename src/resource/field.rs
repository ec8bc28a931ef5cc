//! A field of a resource: its value where there is one, its place, and what is not known about it.

use std::ops::Deref;

use smol_str::SmolStr;

use super::placeholder;
use crate::text::Span;
use crate::yaml::{Entry, Node, Resolved, Value};

/// A value with its place. Spans are relative to the text of the resource's document.
#[derive(Debug, Clone, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where the key stands; for an item of a list, the item itself.
    pub key: Span,
    /// Where the value stands.
    pub span: Span,
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A field as an author left it.
#[derive(Debug, Clone, Default)]
pub enum Field<T> {
    /// Not written, or written as null, which Kubernetes drops.
    #[default]
    Absent,
    /// Written in a form that the API does not accept; rules that read the field stay quiet.
    Malformed(Spanned<()>),
    /// A template action or a placeholder fills the value in later; rules that read the field stay quiet.
    Unknown(Spanned<()>),
    /// A value.
    Present(Spanned<T>),
}

/// A list field; each item can be malformed or unknown by itself.
pub type List<T> = Vec<Field<T>>;

/// A map field in the order of the text, with the place of every key (`Spanned::key`).
pub type Map<T> = Vec<(SmolStr, Field<T>)>;

impl<T: Lower> Field<T> {
    /// Reads the value of `entry`.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self::at(entry.key_span, &entry.value)
    }

    /// Reads `node`, which stands under the key at `key`.
    #[must_use]
    pub fn at(key: Span, node: &Node) -> Self {
        let place = Spanned { value: (), key, span: node.span };
        if node.templated || is_placeholder(node) {
            return Self::Unknown(place);
        }
        if is_null(node) {
            return Self::Absent;
        }
        match T::lower(node) {
            Some(value) => Self::Present(Spanned { value, key, span: node.span }),
            None => Self::Malformed(place),
        }
    }
}

impl<T> Field<T> {
    /// The value with its place.
    #[must_use]
    pub fn present(&self) -> Option<&Spanned<T>> {
        match self {
            Self::Present(spanned) => Some(spanned),
            _ => None,
        }
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.present().map(|spanned| &spanned.value)
    }

    /// Surely not set.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Set, but to what is not known (malformed or templated).
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self, Self::Malformed(_) | Self::Unknown(_))
    }

    /// Where the key stands, if the field is written.
    #[must_use]
    pub fn key(&self) -> Option<Span> {
        match self {
            Self::Absent => None,
            Self::Malformed(place) | Self::Unknown(place) => Some(place.key),
            Self::Present(spanned) => Some(spanned.key),
        }
    }

    /// Where the value stands, if the field is written.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Absent => None,
            Self::Malformed(place) | Self::Unknown(place) => Some(place.span),
            Self::Present(spanned) => Some(spanned.span),
        }
    }
}

impl<T: Copy> Field<T> {
    /// The value itself.
    #[must_use]
    pub fn copied(&self) -> Option<T> {
        self.value().copied()
    }
}

impl Field<SmolStr> {
    /// The text of a string field.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value().map(SmolStr::as_str)
    }
}

impl<T> Field<List<T>> {
    /// The items that have a value.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Spanned<T>> {
        self.value().into_iter().flatten().filter_map(Field::present)
    }

    /// Nothing in the list is unknown or malformed, the list itself included.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.is_uncertain() && self.value().is_none_or(|items| !items.iter().any(Field::is_uncertain))
    }
}

impl<T> Field<Map<T>> {
    /// The pairs that have a value.
    pub fn pairs(&self) -> impl Iterator<Item = (&SmolStr, &Spanned<T>)> {
        self.value().into_iter().flatten().filter_map(|(key, field)| Some((key, field.present()?)))
    }

    /// The value under `key`.
    #[must_use]
    pub fn under(&self, key: &str) -> Option<&Spanned<T>> {
        self.pairs().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Nothing in the map is unknown or malformed, the map itself included.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.is_uncertain() && self.value().is_none_or(|pairs| !pairs.iter().any(|(_, field)| field.is_uncertain()))
    }
}

/// A type that a YAML node is read into.
pub trait Lower: Sized {
    /// The value of `node`; none where the API would refuse the node's form.
    fn lower(node: &Node) -> Option<Self>;
}

fn is_null(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| matches!(scalar.resolve(), Resolved::Null))
}

fn is_placeholder(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| placeholder::contains(&scalar.text))
}

impl Lower for SmolStr {
    fn lower(node: &Node) -> Option<Self> {
        let scalar = node.as_scalar()?;
        matches!(scalar.resolve(), Resolved::String).then(|| scalar.text.clone())
    }
}

impl Lower for bool {
    fn lower(node: &Node) -> Option<Self> {
        match node.as_scalar()?.resolve() {
            Resolved::Bool(value) => Some(value),
            _ => None,
        }
    }
}

impl Lower for i64 {
    fn lower(node: &Node) -> Option<Self> {
        match node.as_scalar()?.resolve() {
            Resolved::Int(value) => Some(value),
            _ => None,
        }
    }
}

impl Lower for u32 {
    fn lower(node: &Node) -> Option<Self> {
        i64::lower(node)?.try_into().ok()
    }
}

impl Lower for Node {
    fn lower(node: &Node) -> Option<Self> {
        Some(node.clone())
    }
}

/// Something is written, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anything;

impl Lower for Anything {
    fn lower(_: &Node) -> Option<Self> {
        Some(Self)
    }
}

impl<T: Lower> Lower for List<T> {
    fn lower(node: &Node) -> Option<Self> {
        Some(node.as_sequence()?.items.iter().map(|item| Field::at(item.span, item)).collect())
    }
}

impl<T: Lower> Lower for Map<T> {
    fn lower(node: &Node) -> Option<Self> {
        Some(node.as_mapping()?.entries.iter().map(|entry| (entry.key.clone(), Field::of(entry))).collect())
    }
}

impl<T: Lower> Lower for Box<T> {
    fn lower(node: &Node) -> Option<Self> {
        T::lower(node).map(Box::new)
    }
}

/// A number or a name, such as a Service's `targetPort`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntOrString {
    /// A number.
    Int(i64),
    /// A name.
    String(SmolStr),
}

impl Lower for IntOrString {
    fn lower(node: &Node) -> Option<Self> {
        let Value::Scalar(scalar) = &node.value else { return None };
        match scalar.resolve() {
            Resolved::Int(value) => Some(Self::Int(value)),
            Resolved::String => Some(Self::String(scalar.text.clone())),
            _ => None,
        }
    }
}

/// Declares a structure of the API: each line names a field, its type and its YAML key.
macro_rules! object {
    ($($(#[$meta:meta])* pub struct $name:ident { $($field:ident: $type:ty = $key:literal),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            $(#[doc = concat!("The field `", $key, "`.")] pub $field: $crate::resource::Field<$type>,)*
        }

        impl $crate::resource::Lower for $name {
            fn lower(node: &$crate::yaml::Node) -> Option<Self> {
                let mapping = node.as_mapping()?;
                let mut object = Self::default();
                // The first of two equal keys counts, as everywhere else in istio-ls; the second is a finding.
                for entry in mapping.entries.iter().rev() {
                    match entry.key.as_str() {
                        $($key => object.$field = $crate::resource::Field::of(entry),)*
                        _ => {}
                    }
                }
                Some(object)
            }
        }
    )+};
}

/// Declares an enumeration of the API: each line names a variant and how it is written in YAML.
macro_rules! choice {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* #[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl $name {
            /// Every value, in the order of Istio's documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// How the value is written in YAML.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl $crate::resource::Lower for $name {
            fn lower(node: &$crate::yaml::Node) -> Option<Self> {
                let text = node.as_scalar()?.text.as_str();
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }
    )+};
}

pub(crate) use {choice, object};
