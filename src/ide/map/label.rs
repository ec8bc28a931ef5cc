//! How wide a text is when it is drawn, so that boxes hold their texts whatever font the viewer has.

/// The width of `text` in pixels: the advance of the widest common sans-serif fonts, so rather too much than too little.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let em: f32 = text.chars().map(advance).sum();
    em * size
}

fn advance(character: char) -> f32 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 0.29,
        'f' | 't' | 'r' | ' ' | '.' | ',' | ':' | ';' | '/' | '(' | ')' | '-' | 'I' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '→' => 1.0,
        'A'..='Z' | '+' | '=' | '…' => 0.8,
        character if character.is_ascii() => 0.645,
        _ => 1.0,
    }
}

/// `text`, cut with an ellipsis where it is wider than `room`.
pub(super) fn fit(text: &str, size: f32, room: f32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut used = width("…", size);
    let kept = text.chars().take_while(|character| {
        used += advance(*character) * size;
        used <= room
    });
    format!("{}…", kept.collect::<String>().trim_end())
}

/// `text` for XML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_within_its_room() {
        let long = "a-service-with-quite-a-long-name";
        let cut = fit(long, 12.0, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 12.0) <= 100.0, "{cut}");
        assert_eq!(fit("web", 12.0, 100.0), "web");
    }
}
