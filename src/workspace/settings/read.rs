//! Reads settings by the table: what is right counts, what is wrong is a defect and counts as not set.

use serde_json::{Map, Value};

use super::defect::{Defect, Defects};
use super::mesh::json;
use super::table::{Choice, LEVELS, SETTINGS, Setting, Shape, Text, either};
use super::text::flaw;
use crate::index::MeshConfig;
use crate::rules::registry;
use crate::text::{Span, only_near};
use crate::yaml::{At, Document, Entry, Literal, Node, Resolved, Scalar};

/// What the file is called where a setting would be.
const ROOT: &str = "istio-ls.yaml";

/// What is right in `document`, in the form that [`Settings`](super::Settings) is deserialized from, and what is wrong.
pub(super) fn read(document: &Document) -> (Value, Vec<Defect>) {
    let mut reader = Reader { defects: Defects::new(document), path: Vec::new() };
    for error in &document.errors {
        reader.defects.malformed(error.span, error.message.clone());
    }
    if let Some(at) = document.text.find(char::REPLACEMENT_CHARACTER) {
        let message = "this is not UTF-8\nWhat it is in is read without it. Save the file as UTF-8.".to_owned();
        reader.defects.malformed(Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8()), message);
    }
    let value = document.root.as_ref().and_then(|root| reader.object(root, SETTINGS, ROOT));
    (value.unwrap_or_else(|| Value::Object(Map::new())), reader.defects.found)
}

struct Reader<'a> {
    defects: Defects<'a>,
    path: Vec<At<'a>>,
}

impl<'a> Reader<'a> {
    /// The value of `node`, called `name`; none where it cannot count.
    fn value(&mut self, node: &'a Node, shape: &'static Shape, name: &str) -> Option<Value> {
        let scalar = node.as_scalar();
        if scalar.is_some_and(|scalar| scalar.resolve() == Resolved::Null) {
            return None;
        }
        match shape {
            Shape::Bool => match scalar.map(Scalar::resolve) {
                Some(Resolved::Bool(value)) => Some(value.into()),
                _ => self.wrong(node, shape, name),
            },
            Shape::Text(text) => match scalar {
                Some(scalar) => self.text(node, scalar, *text, name),
                None => self.wrong(node, shape, name),
            },
            Shape::Choice(choices) => self.choice(node, choices, name),
            Shape::List(item) => self.list(node, item, shape, name),
            Shape::Object(fields) => self.object(node, fields, name),
            Shape::Named(fields) => match scalar {
                Some(_) => {
                    let of_name = fields.iter().find(|field| field.name == "name")?;
                    let value = self.value(node, &of_name.shape, name)?;
                    Some(Value::Object([("name".to_owned(), value)].into_iter().collect()))
                }
                None => self.object(node, fields, name),
            },
            Shape::Rules => self.entries(node, shape, name, Self::rule),
            Shape::Labels => self.entries(node, shape, name, Self::label),
            Shape::MeshConfig => self.entries(node, shape, name, Self::mesh_field),
        }
    }

    fn object(&mut self, node: &'a Node, fields: &'static [Setting], name: &str) -> Option<Value> {
        let Some(mapping) = node.as_mapping() else {
            let message = format!("`{name}` is an object\nIt has {}.", either(fields.iter().map(|field| field.name)));
            return self.defects.not_used(node, message);
        };
        let mut object = Map::new();
        // The first of two equal keys counts; the second is an error of syntax.
        for entry in mapping.entries.iter().rev() {
            self.path.push(At::Key(&entry.key));
            match fields.iter().find(|field| field.name == entry.key) {
                Some(field) => self.field(entry, field, &mut object),
                None => self.unknown(entry, fields, name),
            }
            self.path.pop();
        }
        let lacking = fields.iter().find(|field| field.required && !object.contains_key(field.name));
        if let Some(field) = lacking.filter(|field| mapping.entry(field.name).is_none()) {
            return self.defects.not_used(node, format!("an entry of `{name}` lacks `{}`", field.name));
        }
        lacking.is_none().then_some(Value::Object(object))
    }

    fn field(&mut self, entry: &'a Entry, field: &'static Setting, object: &mut Map<String, Value>) {
        let Some(value) = self.value(&entry.value, &field.shape, field.name) else { return };
        let is_file = matches!(field.shape, Shape::MeshConfig) && value.is_string();
        object.insert(if is_file { format!("{}File", field.name) } else { field.name.to_owned() }, value);
    }

    fn unknown(&mut self, entry: &Entry, fields: &[Setting], holder: &str) {
        let near = only_near(&entry.key, fields.iter().map(|field| field.name));
        let names = either(fields.iter().filter(|field| !field.editor_only).map(|field| field.name));
        let what = if holder == ROOT { "setting" } else { "field" };
        let message = match near {
            Some(near) => format!("there is no {what} `{}`; did you mean `{near}`?", entry.key),
            None => format!("there is no {what} `{}`\nThere is {names}.", entry.key),
        };
        self.defects.unknown(&self.path, entry.key_span, message, near);
    }

    fn list(&mut self, node: &'a Node, item: &'static Shape, shape: &'static Shape, name: &str) -> Option<Value> {
        let Some(list) = node.as_sequence() else {
            let value = self.wrong(node, shape, name);
            if node.as_scalar().is_some() {
                let literal = Literal::List(vec![node.as_scalar()?.text.as_str().into()]);
                self.defects.repair("write a list", &self.path, &literal);
            }
            return value;
        };
        let mut values = Vec::new();
        for (index, node) in list.items.iter().enumerate() {
            self.path.push(At::Index(index));
            values.extend(self.value(node, item, name));
            self.path.pop();
        }
        Some(values.into())
    }

    fn text(&mut self, node: &Node, scalar: &Scalar, text: Text, name: &str) -> Option<Value> {
        let is_text = text == Text::Version || scalar.resolve() == Resolved::String;
        let flaw = if is_text { flaw(text, &scalar.text) } else { Some("is text, which needs quotes here".to_owned()) };
        match flaw {
            Some(flaw) => {
                self.defects.not_used(node, format!("`{name}` {flaw}"));
                if !is_text {
                    self.defects.repair("put it in quotes", &self.path, &scalar.text.as_str().into());
                }
                None
            }
            None => Some(scalar.text.as_str().into()),
        }
    }

    fn choice(&mut self, node: &Node, choices: &'static [Choice], name: &str) -> Option<Value> {
        let words = || choices.iter().map(|choice| choice.value);
        let text = node.as_scalar().map_or("", |scalar| &scalar.text);
        if words().any(|word| word == text) {
            return Some(text.into());
        }
        self.defects.not_used(node, format!("`{name}` is {}", either(words())));
        let near = words().find(|word| word.eq_ignore_ascii_case(text)).or_else(|| only_near(text, words()));
        if let Some(near) = near {
            self.defects.repair(&format!("write {near}"), &self.path, &near.into());
        }
        None
    }

    /// The entries of a map that `one` reads one by one.
    fn entries(
        &mut self,
        node: &'a Node,
        shape: &'static Shape,
        name: &str,
        one: fn(&mut Self, &'a Entry) -> Option<Value>,
    ) -> Option<Value> {
        if let (Shape::MeshConfig, Some(scalar)) = (shape, node.as_scalar())
            && scalar.resolve() == Resolved::String
        {
            return Some(scalar.text.as_str().into());
        }
        let Some(mapping) = node.as_mapping() else { return self.wrong(node, shape, name) };
        let mut map = Map::new();
        for entry in mapping.entries.iter().rev() {
            self.path.push(At::Key(&entry.key));
            if let Some(value) = one(self, entry) {
                map.insert(entry.key.to_string(), value);
            }
            self.path.pop();
        }
        Some(Value::Object(map))
    }

    fn rule(&mut self, entry: &'a Entry) -> Option<Value> {
        if registry::find(&entry.key).is_none() {
            let near = only_near(&entry.key, registry::all().map(|rule| rule.id));
            let message = match near {
                Some(near) => format!("there is no rule `{}`; did you mean `{near}`?", entry.key),
                None => format!("there is no rule `{}`", entry.key),
            };
            self.defects.unknown(&self.path, entry.key_span, message, near);
            return None;
        }
        self.choice(&entry.value, LEVELS, &entry.key)
    }

    fn label(&mut self, entry: &'a Entry) -> Option<Value> {
        match entry.value.as_scalar() {
            Some(scalar) if scalar.resolve() == Resolved::Null => Some("".into()),
            Some(scalar) => self.text(&entry.value, scalar, Text::Title, &entry.key),
            None => self.defects.not_used(&entry.value, format!("the label `{}` is text", entry.key)),
        }
    }

    fn mesh_field(&mut self, entry: &'a Entry) -> Option<Value> {
        let value = Some(json(&entry.value)).filter(|value| !value.is_null())?;
        let alone = Value::Object([(entry.key.to_string(), value.clone())].into_iter().collect());
        match serde_json::from_value::<MeshConfig>(alone) {
            Ok(_) => Some(value),
            Err(_) => {
                let message = format!("`{}` of the mesh configuration has another type", entry.key);
                self.defects.not_used(&entry.value, message)
            }
        }
    }

    fn wrong(&mut self, node: &Node, shape: &Shape, name: &str) -> Option<Value> {
        self.defects.not_used(node, format!("`{name}` is {}", shape.title()));
        if let (Shape::Bool, Some(scalar)) = (shape, node.as_scalar())
            && let Ok(value) = scalar.text.to_ascii_lowercase().parse::<bool>()
        {
            self.defects.repair("take off the quotes", &self.path, &Literal::Bool(value));
        }
        None
    }
}
