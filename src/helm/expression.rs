//! What an action of a template says: a pipeline of commands.

use smol_str::SmolStr;

use super::scope::Scope;
use super::value::Value;
use super::{function, render};

/// A longer text is none that a template makes.
const LONGEST: usize = 1 << 16;

/// Nested deeper, an expression is not worth reading.
const DEEPEST: usize = 32;

#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    Open,
    Close,
    Pipe,
    Text(SmolStr),
    Word(&'a str),
    /// `.x.y` behind a closing parenthesis.
    Field(&'a str),
}

/// The value of an expression; none where it is not known.
pub(super) fn value(expression: &str, scope: &Scope<'_>) -> Option<Value> {
    let tokens = tokens(expression)?;
    let mut reader = Reader { tokens: &tokens, scope, depth: 0 };
    let value = reader.pipeline();
    if reader.tokens.is_empty() { value.ok()? } else { None }
}

fn tokens(expression: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '|' => (Token::Pipe, 1),
            '`' => {
                let inside = rest.get(1..)?.split_once('`')?.0;
                (Token::Text(inside.into()), inside.len() + 2)
            }
            '"' => {
                let (text, length) = quoted(rest.get(1..)?)?;
                (Token::Text(text.into()), length + 1)
            }
            _ => {
                let word = rest.split([' ', '\t', '\n', '\r', '(', ')', '|', '"', '`']).next().unwrap_or(rest);
                let length = word.len();
                let follows = tokens.last() == Some(&Token::Close) && expression.len() > rest.len();
                let is_joined = follows
                    && expression.get(..expression.len() - rest.len()).is_some_and(|before| before.ends_with(')'));
                (if is_joined && first == '.' { Token::Field(word) } else { Token::Word(word) }, length)
            }
        };
        tokens.push(token);
        rest = rest.get(length.max(1)..)?.trim_start();
    }
    Some(tokens)
}

/// What stands before the closing quote, and where that ends.
fn quoted(body: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut letters = body.char_indices();
    loop {
        match letters.next()? {
            (at, '"') => return Some((text, at + 1)),
            (_, '\\') => text.push(match letters.next()?.1 {
                'n' => '\n',
                't' => '\t',
                same @ ('"' | '\\') => same,
                _ => return None,
            }),
            (_, letter) => text.push(letter),
        }
    }
}

/// The expression is none that can be read.
struct Unreadable;

struct Reader<'t, 'a> {
    tokens: &'t [Token<'t>],
    scope: &'a Scope<'a>,
    depth: usize,
}

impl<'t> Reader<'t, '_> {
    fn next(&mut self) -> Option<&'t Token<'t>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn pipeline(&mut self) -> Result<Option<Value>, Unreadable> {
        let mut piped = None;
        loop {
            piped = Some(self.command(piped)?);
            match self.tokens.first() {
                Some(Token::Pipe) => drop(self.next()),
                _ => return piped.ok_or(Unreadable),
            }
        }
    }

    /// A function with its arguments, what was piped last among them; or a value.
    fn command(&mut self, piped: Option<Option<Value>>) -> Result<Option<Value>, Unreadable> {
        if let Some(Token::Word(name)) = self.tokens.first()
            && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && !matches!(*name, "true" | "false" | "nil")
        {
            self.next();
            let mut arguments = Vec::new();
            while !matches!(self.tokens.first(), None | Some(Token::Pipe | Token::Close)) {
                arguments.push(self.operand()?);
            }
            arguments.extend(piped);
            return Ok(self.call(name, &arguments).filter(is_short));
        }
        if piped.is_some() {
            return Err(Unreadable);
        }
        let value = self.operand()?;
        // A value takes no arguments.
        match self.tokens.first() {
            None | Some(Token::Pipe | Token::Close) => Ok(value),
            Some(_) => Err(Unreadable),
        }
    }

    fn call(&self, name: &str, arguments: &[Option<Value>]) -> Option<Value> {
        match (name, arguments) {
            ("include" | "template", [Some(Value::Text(name)), dot]) => render::include(name, dot.clone(), self.scope),
            ("template", [Some(Value::Text(name))]) => render::include(name, Some(Value::Nothing), self.scope),
            _ => function::call(name, arguments),
        }
    }

    fn operand(&mut self) -> Result<Option<Value>, Unreadable> {
        let value = match self.next().ok_or(Unreadable)? {
            Token::Text(text) => Some(Value::Text(text.clone())),
            Token::Word(word) => self.word(word),
            Token::Open => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(Unreadable);
                }
                let value = self.pipeline()?;
                if self.next() != Some(&Token::Close) {
                    return Err(Unreadable);
                }
                self.depth -= 1;
                value
            }
            Token::Close | Token::Pipe | Token::Field(_) => return Err(Unreadable),
        };
        match self.tokens.first() {
            Some(Token::Field(path)) => {
                self.next();
                let path: Vec<&str> = path.split('.').skip(1).collect();
                Ok(value.and_then(|value| self.scope.release.within(value, &path)))
            }
            _ => Ok(value),
        }
    }

    fn word(&self, word: &str) -> Option<Value> {
        match word {
            "true" => return Some(Value::Bool(true)),
            "false" => return Some(Value::Bool(false)),
            "nil" => return Some(Value::Nothing),
            _ => {}
        }
        if word.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            return word.parse::<f64>().ok().map(|_| Value::Number(word.into()));
        }
        let (value, path) = match word.strip_prefix('$') {
            Some(rest) => {
                let (name, path) = rest.split_once('.').unwrap_or((rest, ""));
                (self.scope.variable(name), path)
            }
            None => (self.scope.dot.clone(), word.strip_prefix('.')?),
        };
        let path: Vec<&str> = path.split('.').filter(|key| !key.is_empty()).collect();
        self.scope.release.within(value?, &path)
    }
}

fn is_short(value: &Value) -> bool {
    !matches!(value, Value::Text(text) | Value::Part(text) if text.len() > LONGEST)
}
