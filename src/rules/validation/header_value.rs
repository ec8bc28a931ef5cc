//! The value of a header as Envoy's formatter reads it: `%VARIABLE%`, `%VARIABLE(argument)%`, `%VARIABLE(["a", "b"])%` and
//! `%%` for a plain `%`.

/// What is wrong with `value`; none when Envoy can read it.
pub(super) fn problem(value: &str) -> Option<&'static str> {
    if value.chars().any(|c| (c.is_ascii_control()) && c != '\t') {
        return Some("it has control characters");
    }
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('%') {
        rest = match after.strip_prefix('%') {
            Some(after) => after,
            None => match behind_variable(after) {
                Some(after) => after,
                None => return Some("`%` begins and ends a variable; a plain one is `%%`"),
            },
        };
    }
    None
}

/// What follows the variable whose first `%` is read already; none when the variable does not end well.
fn behind_variable(text: &str) -> Option<&str> {
    let (at, end) = text.match_indices(['%', '(']).next()?;
    let rest = text.get(at + 1..)?;
    if end == "%" { Some(rest) } else { behind_arguments(rest) }
}

/// Where the arguments of a variable are read.
#[derive(Clone, Copy)]
enum State {
    Start,
    Item,
    Text,
    ItemEnd,
    ListEnd,
    End,
}

fn behind_arguments(text: &str) -> Option<&str> {
    let mut state = State::Start;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        state = match (state, c) {
            (State::Start, '[') | (State::ItemEnd, ',') => State::Item,
            (State::Text, '\\') => {
                chars.next()?;
                State::Text
            }
            (State::Text, '"') => State::ItemEnd,
            (State::Text, ')') | (State::ListEnd, ')') => State::End,
            (State::ItemEnd, ']') => State::ListEnd,
            (State::End, '%') => return Some(chars.as_str()),
            (State::Text, _) | (State::Item, '"') => State::Text,
            (_, ' ') => state,
            (State::Start, _) => State::Text,
            _ => return None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn variables_are_closed_and_percents_doubled() {
        for value in
            ["", "a b", "%HOSTNAME%", "100%%", "%REQ(x-a)%b", "%START_TIME(%s)%", r#"%UPSTREAM_METADATA(["a", "b"])%"#]
        {
            assert_eq!(problem(value), None, "{value}");
        }
        for value in ["100%", "50% off", "%REQ(x", "%REQ()%", "%A([\"a\" \"b\"])%", "%A(b) c%", "a\nb"] {
            assert!(problem(value).is_some(), "{value}");
        }
    }
}
