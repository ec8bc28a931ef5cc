//! What can be wrong with an object, as data.

use super::Format;
use super::model::{Field, Group, Limits, Type, Value as Named};
use crate::text::Span;
use crate::yaml::{Node, Resolved, Value};

/// Something in an object that its table does not allow, or advises against.
#[derive(Debug)]
pub struct Defect {
    /// The key or the value that is wrong.
    pub span: Span,
    /// The way to the field, such as `spec.servers[0].port`.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Debug)]
pub enum Problem {
    /// The API has no such field here.
    UnknownField {
        /// The only field that the name is near to.
        near: Option<&'static str>,
        /// The way to an object around or inside this one that has a field of this name.
        belongs_to: Option<String>,
    },
    /// The value is of another type.
    WrongType {
        /// What the field takes.
        expected: &'static Type,
        /// What is there.
        found: Found,
    },
    /// The value is none of those that are allowed.
    UnknownValue(&'static Limits),
    /// A field that the API demands is not there; `span` is that of its object, or of its key where it has no value.
    MissingField(&'static str),
    /// A number, or a number of items, entries or characters, is out of its range.
    OutOfRange(String),
    /// An earlier item of the list is the same, or has the same in this field.
    Duplicate(&'static str),
    /// The text has not the form that the API demands.
    Malformed(&'static Format),
    /// A field that the others of its group, or what chooses among them, do not allow.
    Conflict(&'static Group),
    /// A field of the group is needed, and none that would do is there.
    MissingChoice(&'static Group),
    /// The field is not to be used any more.
    DeprecatedField(&'static Field),
    /// The value is not to be used any more.
    DeprecatedValue(&'static Named),
}

/// What stands where something else should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or null.
    Null,
    /// True or false, in one of YAML's words for it.
    Boolean,
    /// A number.
    Number,
    /// Text.
    String,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Found {
    pub(super) fn of(node: &Node) -> Self {
        match &node.value {
            Value::Mapping(_) => Self::Object,
            Value::Sequence(_) => Self::List,
            Value::Scalar(scalar) => match scalar.resolve() {
                Resolved::Null => Self::Null,
                Resolved::Bool(_) => Self::Boolean,
                Resolved::Int(_) | Resolved::Float(_) => Self::Number,
                Resolved::String => Self::String,
            },
        }
    }
}
