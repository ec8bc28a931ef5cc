//! Reads a value as `jsonpb` does.

use std::collections::HashMap;

use super::table::{Declared, Field, Form, Message, Type, declared, messages};
use crate::resource::placeholder;
use crate::resource::schema::nanoseconds;
use crate::text::{Span, only_near};
use crate::yaml::{Mapping, Node, Resolved, Scalar, Value};

/// What does not go into a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The key or value that is wrong.
    pub span: Span,
    /// What is wrong with it, in one line.
    pub message: String,
    /// What was meant, to be written in its place.
    pub meant: Option<String>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a value that does not go into its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing of the whole can be read.
    Unreadable,
    /// The message has no such field: it is left out.
    LeftOut,
    /// Another field takes its place, or it takes that of another: nobody says so.
    Overwritten,
    /// It is read, but of no use: a typed configuration is missing.
    Useless,
}

/// What of `node` does not go into the message of the full name `name`. What is templated or stands for a value that comes
/// later is taken as right; nothing is said of a message that is not known here.
#[must_use]
pub fn mismatches(node: &Node, name: &str) -> Vec<Mismatch> {
    let mut reader = Reader::default();
    if let (Some(Declared::Message(message)), Some(mapping)) = (declared(name), node.as_mapping()) {
        reader.message(message, last(name), mapping);
    }
    reader.found
}

#[derive(Default)]
struct Reader {
    found: Vec<Mismatch>,
    is_aside: bool,
}

impl Reader {
    fn wrong(&mut self, span: Span, message: String) {
        self.told(span, message, Outcome::Unreadable);
    }

    fn told(&mut self, span: Span, message: String, outcome: Outcome) {
        self.found.push(Mismatch { span, message, meant: None, outcome });
    }

    fn message(&mut self, message: Message, holder: &str, mapping: &Mapping) {
        let mut chosen: HashMap<&str, &str> = HashMap::new();
        for entry in &mapping.entries {
            let key = entry.key.as_str();
            if key == "@type" || key.starts_with('$') || placeholder::contains(key) || is_null(&entry.value) {
                continue;
            }
            let Some(field) = message.field(key) else {
                self.unknown(message, holder, key, entry.key_span);
                continue;
            };
            if let Some(other) = field.choice.and_then(|choice| chosen.insert(choice, key)) {
                let message = format!("`{other}` and `{key}` exclude each other, and one of them is lost");
                self.told(entry.key_span, message, Outcome::Overwritten);
            }
            self.value(field.value, key, &entry.value);
        }
    }

    fn unknown(&mut self, message: Message, holder: &str, key: &str, span: Span) {
        let is_camel = !key.contains('_');
        let name = |field: Field| if is_camel { field.json_name() } else { field.name.to_owned() };
        let names: Vec<String> = message.fields().map(name).collect();
        let names = || names.iter().map(String::as_str);
        let near = names().find(|name| name.eq_ignore_ascii_case(key)).or_else(|| only_near(key, names()));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let message = format!("`{key}` is no field of {holder}{hint}");
        self.found.push(Mismatch { span, message, meant: near.map(str::to_owned), outcome: Outcome::LeftOut });
    }

    fn value(&mut self, expected: Type, key: &str, node: &Node) {
        if node.templated || node.as_scalar().is_some_and(|scalar| placeholder::contains(&scalar.text)) {
            return;
        }
        match (expected.form(), &node.value) {
            (Form::List(items), Value::Sequence(list)) => self.each(|reader| {
                list.items.iter().for_each(|item| reader.value(items, key, item));
            }),
            (Form::Map(values), Value::Mapping(map)) => self.each(|reader| {
                let entries = map.entries.iter().filter(|entry| !is_null(&entry.value));
                entries.for_each(|entry| reader.value(values, &entry.key, &entry.value));
            }),
            (Form::Named(Declared::Message(message)), Value::Mapping(map)) => {
                self.message(message, key, map);
                self.configuration(message, key, node, map);
            }
            (Form::Named(Declared::Enum(values)), Value::Scalar(scalar)) => self.choice(values, key, scalar, node.span),
            (Form::Letter('A'), Value::Mapping(map)) => self.any(key, node, map),
            (Form::Letter('S'), Value::Mapping(_))
            | (Form::Letter('L'), Value::Sequence(_))
            | (Form::Letter('V') | Form::Unknown, _) => {}
            (Form::Letter(letter), Value::Scalar(scalar)) if fits(letter, scalar) => {}
            (form, _) => self.wrong(node.span, format!("`{key}` takes {}", takes(&form))),
        }
    }

    /// istiod asks for configurations on the straight way alone, not in lists, maps and what has a type of its own.
    fn each(&mut self, read: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.is_aside, true);
        read(self);
        self.is_aside = outer;
    }

    /// A message that can have a typed configuration, and has none.
    fn configuration(&mut self, message: Message, key: &str, node: &Node, mapping: &Mapping) {
        let names = ["typed_config", "typedConfig", "config_discovery", "configDiscovery"];
        let is_set = |name: &str| mapping.entry(name).is_some_and(|entry| !is_null(&entry.value));
        if !self.is_aside && message.field("typed_config").is_some() && !names.iter().any(|name| is_set(name)) {
            let place = mapping.entries.iter().find(|entry| !entry.merged).map_or(node.span, |entry| entry.key_span);
            let message = format!("`{key}` lacks `typed_config`: Envoy finds none by name alone");
            self.told(place, message, Outcome::Useless);
        }
    }

    /// A message of the type that stands in it.
    fn any(&mut self, key: &str, node: &Node, mapping: &Mapping) {
        let Some(url) = mapping.entry("@type") else {
            let first = mapping.entries.iter().find(|entry| !entry.merged);
            return self.wrong(first.map_or(node.span, |first| first.key_span), format!("`{key}` lacks `@type`"));
        };
        let Some(text) = url.value.as_scalar().map(|scalar| scalar.text.as_str()).filter(|_| !node.templated) else {
            return;
        };
        let name = text.rsplit('/').next().unwrap_or(text);
        match declared(name) {
            _ if url.value.templated || placeholder::contains(text) => {}
            _ if name.starts_with("google.protobuf.") => {
                if mapping.entry("value").is_none() {
                    self.wrong(url.key_span, format!("`{key}` lacks `value`"));
                }
            }
            None if LEFT_OUT.iter().any(|package| name.starts_with(package)) => {}
            Some(Declared::Message(message)) => self.each(|reader| reader.message(message, last(name), mapping)),
            _ => self.unknown_type(name, text, url.value.span),
        }
    }

    fn unknown_type(&mut self, name: &str, url: &str, span: Span) {
        let mut of_same_name = messages().filter(|known| last(known) == last(name));
        let same = of_same_name.next().filter(|_| of_same_name.next().is_none());
        let near = only_near(name, messages()).or(same);
        let is_old = [".v2.", ".v2alpha", ".v1alpha1."].iter().any(|version| name.contains(version));
        let message = match near {
            _ if is_old || name.starts_with("envoy.config.filter.") => {
                "Envoy has no types of its API v2 any more".to_owned()
            }
            Some(near) => format!("no such type is known; did you mean `{}`?", last(near)),
            None => format!("the type `{}` is not known", last(name)),
        };
        let prefix = url.strip_suffix(name).unwrap_or_default();
        let meant = near.filter(|_| !is_old).map(|near| format!("{prefix}{near}"));
        self.found.push(Mismatch { span, message, meant, outcome: Outcome::Unreadable });
    }

    fn choice(&mut self, values: &str, key: &str, scalar: &Scalar, span: Span) {
        let text = scalar.text.as_str();
        if !matches!(scalar.resolve(), Resolved::String) && fits('i', scalar)
            || values.split(' ').any(|value| value == text)
        {
            return;
        }
        let upper = text.to_ascii_uppercase();
        let near = values.split(' ').find(|value| *value == upper).or_else(|| only_near(&upper, values.split(' ')));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let message = format!("`{key}` does not take `{}`{hint}", shortened(text));
        self.found.push(Mismatch { span, message, meant: near.map(str::to_owned), outcome: Outcome::Unreadable });
    }
}

/// Packages that istiod knows and the table does not hold.
const LEFT_OUT: [&str; 7] = ["google.", "istio.", "cel.", "grpc.", "envoy.admin.", "envoy.data.", "envoy.service."];

/// The scalar is one of the type of this letter.
fn fits(letter: char, scalar: &Scalar) -> bool {
    let resolved = scalar.resolve();
    let number = match &resolved {
        Resolved::Int(number) => Some(*number as f64),
        Resolved::Float(number) => Some(*number),
        Resolved::String => scalar.text.parse::<f64>().ok(),
        _ => None,
    };
    let is_whole =
        |low: f64, high: f64| number.is_some_and(|number| number.fract() == 0.0 && (low..=high).contains(&number));
    match letter {
        'b' => matches!(resolved, Resolved::Bool(_)),
        's' | 'y' | 't' => matches!(resolved, Resolved::String),
        'd' => matches!(resolved, Resolved::String) && nanoseconds(&scalar.text).is_some(),
        'f' => number.is_some() || matches!(scalar.text.as_str(), "NaN" | "Infinity" | "-Infinity"),
        'i' => is_whole(f64::from(i32::MIN), f64::from(i32::MAX)),
        'u' => is_whole(0.0, f64::from(u32::MAX)),
        'I' => is_whole(i64::MIN as f64, i64::MAX as f64),
        'U' => is_whole(0.0, u64::MAX as f64),
        _ => false,
    }
}

fn takes(form: &Form) -> &'static str {
    match form {
        Form::List(_) | Form::Letter('L') => "a list",
        Form::Letter('b') => "`true` or `false`",
        Form::Letter('s' | 'y' | 't') => "text",
        Form::Letter('d') => "a duration such as `1.5s`",
        Form::Letter('f') => "a number",
        Form::Letter('i' | 'I') => "a whole number",
        Form::Letter('u' | 'U') => "a whole number that is not negative",
        Form::Named(Declared::Enum(_)) => "one of its words",
        _ => "an object",
    }
}

fn is_null(node: &Node) -> bool {
    !node.templated && node.as_scalar().is_some_and(|scalar| scalar.resolve() == Resolved::Null)
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn shortened(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::mismatches;
    use crate::yaml;

    fn told(name: &str, text: &str) -> Vec<String> {
        let document = yaml::parse(text.into());
        mismatches(document.root.as_ref().unwrap(), name).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn values_are_read_as_jsonpb_reads_them() {
        let cluster = "envoy.config.cluster.v3.Cluster";
        assert!(told(cluster, "connectTimeout: 0.5s\nlb_policy: MAGLEV\ntype: 1\nnoSuch: {{ a }}").len() == 1);
        assert_eq!(told(cluster, "connect_timeout: 5d"), ["`connect_timeout` takes a duration such as `1.5s`"]);
        assert_eq!(told(cluster, "name: 5"), ["`name` takes text"]);
        assert_eq!(told(cluster, "max_requests_per_connection: '5'"), Vec::<String>::new());
        assert_eq!(told(cluster, "max_requests_per_connection: -5").len(), 1);
        assert_eq!(told(cluster, "lb_policy: maglev"), ["`lb_policy` does not take `maglev`; did you mean `MAGLEV`?"]);
        assert_eq!(
            told(cluster, "conect_timeout: 1s"),
            ["`conect_timeout` is no field of Cluster; did you mean `connect_timeout`?"]
        );
        assert_eq!(
            told("envoy.config.core.v3.DataSource", "filename: a\ninline_string: b"),
            ["`filename` and `inline_string` exclude each other, and one of them is lost"]
        );
    }

    #[test]
    fn a_typed_configuration_is_read_by_its_type() {
        let filter = "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter";
        let config = |inner: &str| told(filter, &format!("name: a\ntyped_config:\n  {inner}"));
        let lua = "'@type': type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua";
        assert_eq!(config(&format!("{lua}\n  inlineCode: a")), Vec::<String>::new());
        assert_eq!(
            config(&format!("{lua}\n  inline_cod: a")),
            ["`inline_cod` is no field of Lua; did you mean `inline_code`?"]
        );
        assert_eq!(config("inline_code: a"), ["`typed_config` lacks `@type`"]);
        assert_eq!(
            config("'@type': type.googleapis.com/envoy.config.filter.http.lua.v2.Lua"),
            ["Envoy has no types of its API v2 any more"]
        );
        assert_eq!(
            config("'@type': type.googleapis.com/envoy.extensions.filters.http.lua.v3.Luaa"),
            ["no such type is known; did you mean `Lua`?"]
        );
        assert_eq!(config("'@type': type.googleapis.com/acme.Filter"), ["the type `Filter` is not known"]);
    }
}
