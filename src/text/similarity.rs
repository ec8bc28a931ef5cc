//! How far two names are apart.

/// The number of characters to insert, delete, replace or swap with a neighbour that lead from `left` to `right`.
#[must_use]
pub fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (at, character) in left.chars().enumerate() {
        let mut next = vec![at + 1];
        for (column, other) in right.iter().enumerate() {
            let cell = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let replaced = cell(&row, column) + usize::from(character != *other);
            let mut best = replaced.min(cell(&row, column + 1) + 1).min(cell(&next, column) + 1);
            let swapped = column > 0 && previous == Some(*other) && right.get(column - 1) == Some(&character);
            if swapped {
                best = best.min(cell(&before, column - 1) + 1);
            }
            next.push(best);
        }
        previous = Some(character);
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

/// The only one of `candidates` that a slip of the fingers makes `name` of.
#[must_use]
pub fn only_near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let steps = (name.chars().count() / 2).min(2);
    let mut near = candidates.into_iter().filter(|other| *other != name && edit_distance(other, name) <= steps);
    let only = near.next()?;
    near.all(|other| other == only).then_some(only)
}

#[cfg(test)]
mod tests {
    use super::{edit_distance, only_near};

    #[test]
    fn one_slip_of_the_finger_is_one_step() {
        for typo in ["public", "pubic", "publicc", "puplic", "pubilc"] {
            assert!(edit_distance(typo, "public") <= 1, "{typo}");
        }
        assert_eq!(edit_distance("", "mesh"), 4);
    }

    #[test]
    fn a_name_is_guessed_only_where_one_is_near() {
        assert_eq!(only_near("paymnets", ["payments", "orders"]), Some("payments"));
        assert_eq!(only_near("v3", ["v1", "v2"]), None);
        assert_eq!(only_near("a", ["b"]), None);
    }
}
