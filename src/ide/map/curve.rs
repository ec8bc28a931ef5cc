//! The way of a line as points, for whoever draws it: the first is where it begins, each three after it are a cubic Bézier curve.

use super::layout::{ARROW, BEND, CHIP, Line, Rect, chip_width};

type Point = (f32, f32);

impl Line {
    /// The line, which ends level in front of its words; one that leads back goes around on the right.
    pub(super) fn curve(&self) -> Vec<Point> {
        let ((x, y), (end, to)) = (self.start, self.end);
        let mut points = vec![self.start];
        if let Some((left, right, lane)) = self.lane {
            bow(&mut points, (x + left) / 2.0, (left, lane));
            level(&mut points, right);
            bow(&mut points, (right + self.level) / 2.0, (self.level, to));
        } else if self.back {
            let flat = end + ARROW + chip_width(&self.chip);
            let out = x.max(flat) + BEND;
            points.extend([(out, y), (out, to), (flat, to)]);
        } else {
            bow(&mut points, (x + self.level) / 2.0, (self.level, to));
        }
        level(&mut points, end);
        points
    }

    /// The frame of the words.
    pub(super) fn frame(&self) -> Rect {
        let ((x, y), width) = (self.end, chip_width(&self.chip));
        let x = if self.back { x + ARROW } else { x - ARROW - width };
        Rect { x, y: y - CHIP / 2.0, width, height: CHIP }
    }
}

/// Leaves level and arrives level.
fn bow(points: &mut Vec<Point>, middle: f32, end: Point) {
    let from = points.last().map_or(end.1, |last| last.1);
    points.extend([(middle, from), (middle, end.1), end]);
}

fn level(points: &mut Vec<Point>, x: f32) {
    let last = points.last().copied().unwrap_or_default();
    points.extend([last, (x, last.1), (x, last.1)]);
}
