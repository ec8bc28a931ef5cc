//! What a table says: kinds, objects, fields and their types.

use std::collections::HashMap;
use std::sync::Arc;

use super::Format;

/// The table of one kind.
#[derive(Debug)]
pub struct KindSchema {
    /// API group.
    pub group: &'static str,
    /// The kind as written.
    pub kind: &'static str,
    /// The versions, the newest first.
    pub versions: Vec<Version>,
    /// The object as a whole, from `apiVersion` on.
    pub(super) root: Type,
}

/// A version of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// As written behind the group.
    pub name: &'static str,
    /// The newest API still serves it.
    pub is_served: bool,
    /// A newer one that is served everywhere takes its place.
    pub is_old: bool,
    /// The first release of Istio that serves it; none for what was always there.
    pub since: Option<&'static str>,
}

impl KindSchema {
    /// The version of this name, served or not.
    #[must_use]
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }

    /// The versions that are served, the newest first.
    pub fn served(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter().filter(|version| version.is_served)
    }

    /// The object as a whole in `version`, if that is served.
    #[must_use]
    pub fn root(&self, version: &str) -> Option<&Type> {
        self.version(version).filter(|version| version.is_served).map(|_| &self.root)
    }
}

/// A type of value.
#[derive(Debug, Clone)]
pub enum Type {
    /// Whatever it is.
    Any,
    /// An object with fields of any name.
    Open,
    /// An object.
    Object(Arc<Object>),
    /// A list.
    List(Box<Type>, Count),
    /// Keys that the author chooses, all with values of one type.
    Map(Box<Type>, Count),
    /// A single value.
    Scalar(Arc<Limits>),
}

impl Type {
    /// The word for it in OpenAPI.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Open | Self::Object(_) | Self::Map(..) => "object",
            Self::List(..) => "array",
            Self::Scalar(limits) => limits.scalar.as_str(),
        }
    }

    /// The object whose fields may stand here: the value itself, or each item of a list.
    #[must_use]
    pub fn object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            Self::List(items, _) => items.object(),
            Self::Map(..) | Self::Any | Self::Open | Self::Scalar(_) => None,
        }
    }

    /// The limits of a single value, also of one in a list or map.
    #[must_use]
    pub fn limits(&self) -> Option<&Limits> {
        match self {
            Self::Scalar(limits) => Some(limits),
            Self::List(inner, _) | Self::Map(inner, _) => inner.limits(),
            Self::Any | Self::Open | Self::Object(_) => None,
        }
    }
}

/// An object with known fields.
#[derive(Debug)]
pub struct Object {
    /// Its name in the tables.
    pub name: &'static str,
    /// Its fields, in an order that reads well.
    pub fields: Vec<Field>,
    /// Which fields go together and which do not.
    pub groups: Vec<Group>,
}

impl Object {
    /// The field of this name in `version`.
    #[must_use]
    pub fn field(&self, name: &str, version: &str) -> Option<&Field> {
        self.fields_in(version).find(|field| field.name == name)
    }

    /// The fields that `version` has.
    pub fn fields_in(&self, version: &str) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.versions.is_empty() || field.versions.contains(&version))
    }
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// As written.
    pub name: &'static str,
    /// What it does, in one sentence of Markdown.
    pub doc: &'static str,
    /// The API refuses an object without it.
    pub required: bool,
    /// Not to be used any more; what to use instead, as a path beside it, or empty.
    pub deprecated: Option<&'static str>,
    /// The first release of Istio that has it; none for what was always there.
    pub since: Option<&'static str>,
    /// The value that the API server fills in.
    pub default: Option<&'static str>,
    /// The versions that it is so in; empty for all.
    pub versions: Vec<&'static str>,
    /// What it holds.
    pub value: Type,
}

/// Fields that go together or do not.
#[derive(Debug)]
pub struct Group {
    /// How many of them.
    pub choice: Choice,
    /// Their names.
    pub fields: Vec<&'static str>,
}

/// How many fields of a group an object may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// One or none.
    AtMostOne,
    /// One.
    ExactlyOne,
    /// One or more.
    AtLeastOne,
    /// The one whose name is, but for case, the value of this field.
    ChosenBy(&'static str),
}

/// How many items, entries or characters there may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// So many or more.
    pub least: usize,
    /// So many or fewer.
    pub most: Option<usize>,
    /// Items must differ: as a whole where this is empty, else in each of these fields, joined by commas.
    pub unique: Option<&'static str>,
}

impl Count {
    /// The number is within.
    #[must_use]
    pub fn holds(self, number: usize) -> bool {
        number >= self.least && self.most.is_none_or(|most| number <= most)
    }
}

/// A kind of single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scalar {
    /// Text.
    #[default]
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
}

impl Scalar {
    /// The word for it in OpenAPI.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

/// A single value and what it may be.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Its kind.
    pub scalar: Scalar,
    /// The lowest number.
    pub min: Option<i64>,
    /// The highest number.
    pub max: Option<i64>,
    /// Length of a text in characters.
    pub length: Count,
    /// Form of a text.
    pub format: Option<&'static Format>,
    /// The only values that are allowed; empty for no such limit.
    pub values: Vec<Value>,
}

/// A value of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    /// As written.
    pub text: &'static str,
    /// What it does, in one sentence of Markdown; empty where its name says it.
    pub doc: &'static str,
    /// Not to be used any more; what to use instead.
    pub deprecated: Option<&'static str>,
    /// The first release of Istio that has it; none for what was always there.
    pub since: Option<&'static str>,
}

/// Types by name, while tables are read.
pub(super) type Types = HashMap<&'static str, Type>;
