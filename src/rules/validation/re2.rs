//! Regular expressions as RE2 reads them: what Go's `regexp`, which istiod checks with, does not compile.

/// What is wrong with `pattern`; none when it compiles.
pub(super) fn problem(pattern: &str) -> Option<String> {
    let mut reader = Reader { rest: pattern, groups: 0, names: Vec::new() };
    reader.read().err()
}

struct Reader<'p> {
    rest: &'p str,
    /// Groups that are open.
    groups: usize,
    names: Vec<&'p str>,
}

/// What stands before a place: nothing that can be repeated, something, or something repeated already.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Item,
    Repeated,
}

impl<'p> Reader<'p> {
    fn take(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let taken = chars.next();
        self.rest = chars.as_str();
        taken
    }

    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What comes before `end`, which is taken too.
    fn until(&mut self, end: &str) -> Option<&'p str> {
        let (text, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(text)
    }

    fn read(&mut self) -> Result<(), String> {
        let mut before = Before::Nothing;
        while let Some(c) = self.take() {
            before = match c {
                '*' | '+' | '?' => self.repeat(before, &c.to_string())?,
                '{' => match self.bounds() {
                    Some(bounds) => {
                        within_bounds(bounds)?;
                        self.repeat(before, &format!("{{{bounds}}}"))?
                    }
                    None => Before::Item,
                },
                '(' => {
                    let is_group = self.open()?;
                    // Flags alone change nothing of what can be repeated.
                    if is_group || before == Before::Nothing { Before::Nothing } else { Before::Item }
                }
                ')' if self.groups == 0 => return Err("`)` closes nothing".to_owned()),
                ')' => {
                    self.groups -= 1;
                    Before::Item
                }
                '|' => Before::Nothing,
                '[' => self.class()?,
                '\\' => {
                    self.escape()?;
                    Before::Item
                }
                _ => Before::Item,
            };
        }
        if self.groups > 0 { Err("a `)` is missing".to_owned()) } else { Ok(()) }
    }

    fn repeat(&mut self, before: Before, operator: &str) -> Result<Before, String> {
        match before {
            Before::Nothing => Err(format!("nothing stands before `{operator}`")),
            Before::Repeated => Err(format!("`{operator}` repeats what is repeated already")),
            Before::Item => {
                self.eat("?");
                Ok(Before::Repeated)
            }
        }
    }

    /// The text of `{n}`, `{n,}` or `{n,m}` behind its brace; other braces stand for themselves.
    fn bounds(&mut self) -> Option<&'p str> {
        let (text, rest) = self.rest.split_once('}')?;
        let (least, most) = text.split_once(',').unwrap_or((text, "0"));
        let is_number = |text: &str| {
            text.chars().all(|c| c.is_ascii_digit()) && !text.is_empty() && (text.len() == 1 || !text.starts_with('0'))
        };
        (is_number(least) && (most.is_empty() || is_number(most))).then(|| {
            self.rest = rest;
            text
        })
    }

    /// Reads the head of a group; it may set flags and open none.
    fn open(&mut self) -> Result<bool, String> {
        self.groups += 1;
        if !self.eat("?") {
            return Ok(true);
        }
        for (mark, what) in [("=", "?="), ("!", "?!"), ("<=", "?<="), ("<!", "?<!"), (">", "?>"), ("#", "?#")] {
            if self.rest.starts_with(mark) {
                return Err(format!("RE2 has no `({what}`"));
            }
        }
        if self.eat("P<") || self.eat("<") {
            let name = self.until(">").unwrap_or("");
            let is_word = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !is_word || self.names.contains(&name) {
                return Err(format!("`{name}` cannot be the name of a group"));
            }
            self.names.push(name);
            return Ok(true);
        }
        self.flags()
    }

    /// `(?i)` sets flags from here on, `(?i:` opens a group.
    fn flags(&mut self) -> Result<bool, String> {
        let (mut are_negated, mut any) = (false, false);
        while let Some(c) = self.take() {
            match c {
                'i' | 'm' | 's' | 'U' => any = true,
                '-' if !are_negated => (are_negated, any) = (true, false),
                ':' if any || !are_negated => return Ok(true),
                ')' if any || !are_negated => {
                    self.groups -= 1;
                    return Ok(false);
                }
                _ => return Err(format!("RE2 has no `(?{c}`")),
            }
        }
        Err("a `)` is missing".to_owned())
    }

    fn class(&mut self) -> Result<Before, String> {
        self.eat("^");
        let mut is_first = true;
        // A bracket that comes first stands for itself.
        while is_first || !self.rest.starts_with(']') {
            if self.rest.is_empty() {
                return Err("a `]` is missing".to_owned());
            }
            is_first = false;
            let named = self.rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]"));
            if let Some((name, rest)) = named {
                if !POSIX.contains(&name.trim_start_matches('^')) {
                    return Err(format!("`[:{name}:]` is no class of characters"));
                }
                self.rest = rest;
            } else {
                self.range()?;
            }
        }
        self.take();
        Ok(Before::Item)
    }

    /// A character, class or range inside brackets.
    fn range(&mut self) -> Result<(), String> {
        let Some(low) = self.class_character()? else { return Ok(()) };
        if !self.rest.starts_with('-') || self.rest.starts_with("-]") || self.rest.len() == 1 {
            return Ok(());
        }
        self.take();
        match self.class_character()? {
            Some(high) if high >= low => Ok(()),
            _ => Err("a range of characters runs backwards".to_owned()),
        }
    }

    /// The character at the place; none for one of the classes with a backslash.
    fn class_character(&mut self) -> Result<Option<char>, String> {
        match self.take() {
            Some('\\') if self.rest.starts_with(CLASSES) => self.escape().map(|_| None),
            Some('\\') if self.rest.starts_with(ASSERTIONS) => Err("an assertion stands between brackets".to_owned()),
            Some('\\') => self.escape(),
            c => Ok(c),
        }
    }

    /// What a backslash begins: the character that it stands for, if it is one.
    fn escape(&mut self) -> Result<Option<char>, String> {
        let Some(c) = self.take() else { return Err("nothing follows the last `\\`".to_owned()) };
        match c {
            'Q' => self.rest = self.rest.split_once("\\E").map_or("", |(_, rest)| rest),
            'p' | 'P' => self.unicode_class()?,
            'x' => return self.hexadecimal().map(Some).ok_or_else(|| "`\\x` takes two hexadecimal digits".to_owned()),
            '1'..='7' if !self.rest.starts_with(OCTAL) => return Err(format!("RE2 has no `\\{c}`")),
            '0'..='7' => {
                let digits = self.rest.chars().take(2).take_while(|c| OCTAL.contains(c)).count();
                self.rest = self.rest.get(digits..).unwrap_or("");
            }
            'a' | 'f' | 'n' | 'r' | 't' | 'v' => {}
            _ if CLASSES.contains(&c) || ASSERTIONS.contains(&c) => {}
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => return Ok(Some(c)),
            _ => return Err(format!("RE2 has no `\\{c}`")),
        }
        Ok(None)
    }

    fn hexadecimal(&mut self) -> Option<char> {
        let digits = if self.eat("{") {
            self.until("}")?
        } else {
            let digits = self.rest.get(..2)?;
            self.rest = self.rest.get(2..)?;
            digits
        };
        char::from_u32(u32::from_str_radix(digits, 16).ok()?)
    }

    /// `\pN` or `\p{Name}`.
    fn unicode_class(&mut self) -> Result<(), String> {
        let name =
            if self.eat("{") { self.until("}").unwrap_or("").to_owned() } else { self.take().into_iter().collect() };
        let known = regex_syntax::parse(&format!("\\p{{{}}}", name.trim_start_matches('^'))).is_ok();
        if known { Ok(()) } else { Err(format!("`\\p{{{name}}}` is no class of characters")) }
    }
}

const OCTAL: [char; 8] = ['0', '1', '2', '3', '4', '5', '6', '7'];
const CLASSES: [char; 8] = ['d', 'D', 's', 'S', 'w', 'W', 'p', 'P'];
const ASSERTIONS: [char; 4] = ['A', 'b', 'B', 'z'];
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

/// Bounds of a repetition go up to 1000, the lower one first.
fn within_bounds(bounds: &str) -> Result<(), String> {
    let (least, most) = bounds.split_once(',').unwrap_or((bounds, bounds));
    let number = |text: &str| if text.is_empty() { 1000 } else { text.parse::<u32>().unwrap_or(u32::MAX) };
    let (least, most) = (number(least), number(most));
    if least <= most && most <= 1000 { Ok(()) } else { Err(format!("`{{{bounds}}}` is no repetition up to 1000")) }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn what_re2_knows_compiles() {
        for pattern in [
            r"^/api/v[0-9]+(/.*)?$",
            r"(?i)a|b",
            r"(?P<id>\d+)-(?<name>\w+)",
            r"[]a-]",
            r"[^]\w-z]",
            r"\Q*(\E",
            r"\pL\p{Greek}",
            r"a{,3}",
            r"a{",
            r"a{2,}?",
            r"[[:alpha:]_]",
            r"\x41\x{10FFFF}",
            r"\.\-\/\_\<",
            r"()",
            r"(|a)*",
            r"^*",
            r"a{1000}",
            r"[a&&b]",
            "a(?i)*",
            "(?)",
        ] {
            assert_eq!(problem(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn what_re2_does_not_know_is_named() {
        for (pattern, says) in [
            ("*.example.com", "nothing stands before `*`"),
            ("a|+b", "nothing stands before `+`"),
            ("(?i)*a", "nothing stands before `*`"),
            ("a**", "repeats what is repeated"),
            ("a(b", "a `)` is missing"),
            ("a)", "closes nothing"),
            ("[a", "a `]` is missing"),
            ("[]", "a `]` is missing"),
            ("(?!a)", "RE2 has no `(?!`"),
            ("(?<=a)b", "RE2 has no `(?<=`"),
            ("(?x)a", "RE2 has no `(?x`"),
            (r"(a)\1", r"RE2 has no `\1`"),
            (r"\u0041", r"RE2 has no `\u`"),
            (r"a\Z", r"RE2 has no `\Z`"),
            ("[z-a]", "runs backwards"),
            ("[[:nope:]]", "no class"),
            (r"\p{Nope}", "no class"),
            ("a{1001}", "no repetition"),
            ("a{3,2}", "no repetition"),
            (r"a\", "nothing follows"),
            ("(?P<a>b)(?P<a>c)", "cannot be the name"),
        ] {
            let problem = problem(pattern);
            assert!(problem.as_ref().is_some_and(|text| text.contains(says)), "{pattern}: {problem:?}");
        }
    }
}
