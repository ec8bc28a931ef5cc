//! Whether a text is an expression of CEL, as the parser of cel-go reads it: the grammar and the macros, not the types.

mod token;

use token::{Token, tokens};

/// Why `text` is no expression.
pub(super) fn problem(text: &str) -> Option<String> {
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(why) => return Some(why),
    };
    let mut parser = Parser { tokens: &tokens, depth: 0 };
    parser.expression().and_then(|_| parser.end()).err()
}

/// What an expression is, as far as macros look at it.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Name,
    Field,
    Other,
}

struct Parser<'t> {
    tokens: &'t [Token<'t>],
    depth: usize,
}

/// cel-go stops here too.
const DEEPEST: usize = 250;

const RELATIONS: [&str; 7] = ["==", "!=", "<", "<=", ">", ">=", "in"];

/// Words that cel-go keeps for other languages.
const RESERVED: [&str; 16] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
];

impl<'t> Parser<'t> {
    fn expression(&mut self) -> Result<Shape, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        let mut shape = self.chain(0)?;
        if self.takes("?") {
            self.chain(0)?;
            self.expect(":")?;
            self.expression()?;
            shape = Shape::Other;
        }
        self.depth -= 1;
        Ok(shape)
    }

    /// Operands with operators between them, the loosest operators first.
    fn chain(&mut self, level: usize) -> Result<Shape, String> {
        let levels: [&[&str]; 5] = [&["||"], &["&&"], &RELATIONS, &["+", "-"], &["*", "/", "%"]];
        let Some(operators) = levels.get(level) else { return self.unary() };
        let mut shape = self.chain(level + 1)?;
        while operators.iter().any(|operator| self.takes(operator)) {
            self.chain(level + 1)?;
            shape = Shape::Other;
        }
        Ok(shape)
    }

    fn unary(&mut self) -> Result<Shape, String> {
        let sign = ["!", "-"].into_iter().find(|sign| self.takes(sign));
        let Some(sign) = sign else { return self.member() };
        while self.takes(sign) {}
        self.member().map(|_| Shape::Other)
    }

    fn member(&mut self) -> Result<Shape, String> {
        let mut shape = self.primary()?;
        let mut is_path = shape == Shape::Name;
        loop {
            if self.takes(".") {
                let name = self.name()?;
                shape = Shape::Field;
                if self.takes("(") {
                    let arguments = self.list(")")?;
                    call(name, &arguments, true)?;
                    (shape, is_path) = (Shape::Other, false);
                }
            } else if self.takes("[") {
                self.expression()?;
                self.expect("]")?;
                (shape, is_path) = (Shape::Other, false);
            } else if is_path && self.takes("{") {
                self.fields(|parser| parser.name().map(|_| ()))?;
                (shape, is_path) = (Shape::Other, false);
            } else {
                return Ok(shape);
            }
        }
    }

    fn primary(&mut self) -> Result<Shape, String> {
        if self.takes("(") {
            let shape = self.expression()?;
            return self.expect(")").map(|()| shape);
        }
        if self.takes("[") {
            return self.list("]").map(|_| Shape::Other);
        }
        if self.takes("{") {
            return self.fields(|parser| parser.expression().map(|_| ())).map(|()| Shape::Other);
        }
        if let Some((Token::Literal(_), rest)) = self.tokens.split_first() {
            self.tokens = rest;
            return Ok(Shape::Other);
        }
        self.takes(".");
        let name = self.name()?;
        if self.takes("(") {
            let arguments = self.list(")")?;
            return call(name, &arguments, false).map(|()| Shape::Other);
        }
        match RESERVED.contains(&name) || name == "while" {
            true => Err(format!("`{name}` is a reserved word")),
            false => Ok(Shape::Name),
        }
    }

    /// Expressions up to `close`; a list may end with a comma.
    fn list(&mut self, close: &str) -> Result<Vec<Shape>, String> {
        let mut items = Vec::new();
        while !self.takes(close) {
            items.push(self.expression()?);
            if !self.takes(",") {
                self.expect(close)?;
                break;
            }
            if close == ")" && self.next() == Some(")") {
                return Err("an argument is missing before `)`".to_owned());
            }
        }
        Ok(items)
    }

    /// Pairs up to `}`.
    fn fields(&mut self, key: impl Fn(&mut Self) -> Result<(), String>) -> Result<(), String> {
        while !self.takes("}") {
            key(self)?;
            self.expect(":")?;
            self.expression()?;
            if !self.takes(",") {
                return self.expect("}");
            }
        }
        Ok(())
    }

    fn name(&mut self) -> Result<&'t str, String> {
        match self.tokens.split_first() {
            Some((Token::Name(name), rest)) if *name != "in" => {
                self.tokens = rest;
                Ok(name)
            }
            _ => Err(format!("an operand is missing {}", self.place())),
        }
    }

    fn next(&self) -> Option<&'t str> {
        self.tokens.first().map(Token::text)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_next = match self.tokens.first() {
            Some(Token::Sign(text)) => *text == sign,
            Some(Token::Name(text)) => *text == "in" && sign == "in",
            _ => false,
        };
        if let (true, Some((_, rest))) = (is_next, self.tokens.split_first()) {
            self.tokens = rest;
        }
        is_next
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(format!("`{sign}` is missing {}", self.place())) }
    }

    fn end(&self) -> Result<(), String> {
        self.next().map_or(Ok(()), |text| Err(format!("`{text}` comes where it should end")))
    }

    fn place(&self) -> String {
        self.next().map_or_else(|| "at the end".to_owned(), |text| format!("before `{text}`"))
    }
}

/// The macros take names and fields; what else is called is looked up later.
fn call(name: &str, arguments: &[Shape], has_receiver: bool) -> Result<(), String> {
    match (name, arguments) {
        ("has", [shape]) if !has_receiver && *shape != Shape::Field => Err("`has` takes a field, as `a.b`".to_owned()),
        ("all" | "exists" | "exists_one" | "map" | "filter", [shape, _]) | ("map", [shape, _, _])
            if has_receiver && *shape != Shape::Name =>
        {
            Err(format!("`{name}` takes a name first"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn expressions_are_read_as_cel_go_does() {
        for right in [
            "response.code >= 400 && !('a' in request.headers) || connection.mtls",
            "has(request.headers['x']) ? 1.5e3 : -0x1F",
            "[1, 2u,].exists(x, x > 1)",
            "{'a': r'\\d', b'b': \"\"\"c\nd\"\"\"}",
            "a.B{c: 1}.d // behind",
            "xds.node['a'] == null && .a.b(c)",
        ] {
            let has = "has(request.headers['x'])";
            let expected = right.contains(has).then(|| "`has` takes a field, as `a.b`".to_owned());
            assert_eq!(problem(right), expected, "{right}");
        }
        for (wrong, why) in [
            ("", "an operand is missing at the end"),
            ("response.code >= ", "an operand is missing at the end"),
            ("a = 1", "`=` is no sign of CEL"),
            ("(a", "`)` is missing at the end"),
            ("a b", "`b` comes where it should end"),
            ("a and b", "`and` comes where it should end"),
            ("'a", "a text is not closed"),
            ("a.all(b.c, d)", "`all` takes a name first"),
            ("f(a,)", "an argument is missing before `)`"),
            ("if == 1", "`if` is a reserved word"),
        ] {
            assert_eq!(problem(wrong).as_deref(), Some(why), "{wrong}");
        }
        assert!(problem(&"(".repeat(1000)).is_some_and(|why| why.contains("too deeply")));
    }
}
