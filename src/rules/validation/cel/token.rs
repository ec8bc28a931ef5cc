//! The words and signs of a CEL expression.

/// A word or sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'t> {
    Name(&'t str),
    /// A number, a text, `true`, `false` or `null`.
    Literal(&'t str),
    Sign(&'t str),
}

impl<'t> Token<'t> {
    pub(super) fn text(&self) -> &'t str {
        let (Self::Name(text) | Self::Literal(text) | Self::Sign(text)) = self;
        text
    }
}

/// Longer ones come first.
const SIGNS: [&str; 24] = [
    "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")", "[", "]",
    "{", "}",
];

/// The tokens of `text`, or what is none.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, behind)| behind);
            continue;
        }
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, length) = match string(rest)? {
            Some(length) => (Token::Literal as fn(_) -> _, length),
            None if first.is_ascii_digit() || is_fraction(rest) => (Token::Literal as fn(_) -> _, number(rest)?),
            None if first.is_ascii_alphabetic() || first == '_' => {
                let length = word(rest);
                let is_value = matches!(rest.get(..length), Some("true" | "false" | "null"));
                (if is_value { Token::Literal as fn(_) -> _ } else { Token::Name as fn(_) -> _ }, length)
            }
            None => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign as fn(_) -> _, sign.len()),
                None => return Err(format!("`{first}` is no sign of CEL")),
            },
        };
        let (head, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push(token(head));
        rest = behind;
    }
}

fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

fn is_fraction(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|rest| digits(rest) > 0)
}

/// The length of the number that `text` begins with.
fn number(text: &str) -> Result<usize, String> {
    let behind = |length: usize| text.get(length..).unwrap_or_default();
    if let Some(hex) = text.strip_prefix("0x").filter(|hex| hex.starts_with(|c: char| c.is_ascii_hexdigit())) {
        let length = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        let fits = u64::from_str_radix(hex.get(..length).unwrap_or_default(), 16).is_ok();
        let unsigned = usize::from(behind(2 + length).starts_with(['u', 'U']));
        return fits.then_some(2 + length + unsigned).ok_or_else(|| "a number is too large".to_owned());
    }
    let whole = digits(text);
    let mut length = whole;
    if is_fraction(behind(length)) {
        length += 1 + digits(behind(length + 1));
    }
    if let Some(exponent) = behind(length).strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let power = digits(exponent.get(sign..).unwrap_or_default());
        length += if power > 0 { 1 + sign + power } else { 0 };
    }
    if length > whole {
        return Ok(length);
    }
    let unsigned = behind(whole).starts_with(['u', 'U']);
    let value = text.get(..whole).unwrap_or_default().parse::<u64>();
    // A minus in front makes room for one more.
    let fits = value.is_ok_and(|value| unsigned || value <= 1 << 63);
    fits.then_some(whole + usize::from(unsigned)).ok_or_else(|| "a number is too large".to_owned())
}

/// The length of the text in quotes that `text` begins with, `r` for raw and `b` for bytes in front of it included.
fn string(text: &str) -> Result<Option<usize>, String> {
    let letters = text.find(|c: char| !"rRbB".contains(c)).unwrap_or(text.len());
    let prefix = text.get(..letters).unwrap_or_default().to_ascii_lowercase();
    let is_raw = prefix.contains('r');
    let rest = text.get(letters..).unwrap_or_default();
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let Some(quote) = quotes.into_iter().find(|quote| rest.starts_with(quote)) else { return Ok(None) };
    if !matches!(prefix.as_str(), "" | "r" | "b" | "br" | "rb") {
        return Ok(None);
    }
    let mut inner = rest.get(quote.len()..).unwrap_or_default();
    loop {
        if inner.starts_with(quote) {
            return Ok(Some(text.len() - inner.len() + quote.len()));
        }
        let mut chars = inner.chars();
        let length = match chars.next() {
            None => return Err("a text is not closed".to_owned()),
            Some('\n' | '\r') if quote.len() == 1 => return Err("a text is not closed".to_owned()),
            Some('\\') if !is_raw => escape(chars.as_str()).ok_or("a text has an escape that CEL does not know")?,
            Some(c) => c.len_utf8(),
        };
        inner = inner.get(length..).unwrap_or_default();
    }
}

/// The length of the escape with the text `behind` its backslash.
fn escape(behind: &str) -> Option<usize> {
    let coded = |skipped: usize, length: usize, radix: u32| {
        let code = behind.get(skipped..skipped + length)?;
        code.chars().all(|c| c.is_digit(radix)).then_some(1 + skipped + length)
    };
    match behind.chars().next()? {
        'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' | '?' | '"' | '\'' | '`' => Some(2),
        'x' | 'X' => coded(1, 2, 16),
        'u' => coded(1, 4, 16),
        'U' => coded(1, 8, 16),
        '0'..='3' => coded(0, 3, 8),
        _ => None,
    }
}
