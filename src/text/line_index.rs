//! Line starts of a text, and columns in the three encodings of LSP.

/// How a client counts columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, the default of LSP and the unit of `check --format json`.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

/// A position, both numbers from zero; the column counts units of some [`Encoding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LineColumn {
    /// Line, from zero.
    pub line: u32,
    /// Column, from zero.
    pub column: u32,
}

/// Byte offsets at which the lines of a text begin. A line ends with `\n`, `\r\n` or a lone `\r`, as in LSP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends_line = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends_line {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// Number of lines, at least one.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// Number of line ends in the text.
    #[must_use]
    pub fn line_ends(&self) -> usize {
        self.starts.len() - 1
    }

    /// Byte offset at which `line` begins; past the last line, none.
    #[must_use]
    pub fn start_of(&self, line: usize) -> Option<usize> {
        self.starts.get(line).map(|start| *start as usize)
    }

    /// The line that holds `offset`.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1)
    }

    /// Position of byte `offset` of `text` (the text that was indexed); an offset inside a character counts as its start.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> LineColumn {
        let offset = floor_boundary(text, offset.min(text.len()));
        let line = self.line_of(offset);
        let start = self.start_of(line).unwrap_or(0);
        let before = text.get(start..offset).unwrap_or("");
        LineColumn {
            line: line.try_into().unwrap_or(u32::MAX),
            column: width(before, encoding).try_into().unwrap_or(u32::MAX),
        }
    }

    /// Byte offset of `position` in `text`; a column past the line's end is the line's end (before its line break), a
    /// line past the end is the end of the text.
    #[must_use]
    pub fn offset(&self, text: &str, position: LineColumn, encoding: Encoding) -> usize {
        let Some(start) = self.start_of(position.line as usize) else { return text.len() };
        let end = self.start_of(position.line as usize + 1).unwrap_or(text.len());
        let line = text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let mut units = 0;
        for (at, character) in line.char_indices() {
            if units >= position.column as usize {
                return start + at;
            }
            units += width_of(character, encoding);
            if units > position.column as usize {
                return start + at;
            }
        }
        start + line.len()
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn width(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        Encoding::Utf32 => text.chars().count(),
    }
}

fn width_of(character: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16 => character.len_utf16(),
        Encoding::Utf32 => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_carriage_return_ends_a_line() {
        let index = LineIndex::new("a\rb\r\nc\n");
        assert_eq!((0..4).map(|line| index.start_of(line)).collect::<Vec<_>>(), [Some(0), Some(2), Some(5), Some(7)]);
    }

    #[test]
    fn offsets_survive_the_way_to_a_position_and_back_in_every_encoding() {
        let text = "host: \u{1F600}é\r\nnext: ü\n";
        let index = LineIndex::new(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (offset, _) in text.char_indices().filter(|(_, c)| !matches!(c, '\n')) {
                assert_eq!(index.offset(text, index.position(text, offset, encoding), encoding), offset);
            }
        }
    }

    #[test]
    fn a_column_past_the_end_is_the_end_of_the_line() {
        let text = "ab\r\ncd";
        assert_eq!(LineIndex::new(text).offset(text, LineColumn { line: 0, column: 99 }, Encoding::Utf16), 2);
    }
}
