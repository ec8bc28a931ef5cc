//! When an X.509 certificate is valid, read from its DER form; nothing else of it is looked at.

use std::time::{Duration, SystemTime};

/// The times between which a certificate is valid, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub from: u64,
    /// The last second.
    pub until: u64,
}

impl Validity {
    /// The validity that `der` says; none where it is no certificate.
    #[must_use]
    pub fn of(der: &[u8]) -> Option<Self> {
        let (_, certificate, _) = element(der).filter(|(tag, ..)| *tag == SEQUENCE)?;
        let (_, mut fields, _) = element(certificate).filter(|(tag, ..)| *tag == SEQUENCE)?;
        let (tag, _, rest) = element(fields)?;
        if tag == VERSION {
            fields = rest;
        }
        // The serial number, the algorithm of the signature, the issuer.
        for _ in 0..3 {
            fields = element(fields)?.2;
        }
        let (_, times, _) = element(fields).filter(|(tag, ..)| *tag == SEQUENCE)?;
        let (from_tag, from, rest) = element(times)?;
        let (until_tag, until, _) = element(rest)?;
        Some(Self { from: seconds(from_tag, from)?, until: seconds(until_tag, until)? })
    }

    /// How it stands at `now`.
    #[must_use]
    pub fn at(self, now: SystemTime) -> Age {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        if now < at(self.from) {
            Age::NotYetValid
        } else if now > at(self.until) {
            Age::Expired
        } else {
            Age::Valid
        }
    }
}

/// How a certificate stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// It begins later.
    NotYetValid,
    /// It holds.
    Valid,
    /// It is over.
    Expired,
}

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The first element of `der`: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first.checked_sub(0x80) {
        None => (usize::from(*first), rest),
        Some(size @ 1..=4) => {
            let (length, rest) = rest.split_at_checked(usize::from(size))?;
            (length.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)), rest)
        }
        Some(_) => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// `YYMMDDHHMMSSZ`, where years from 50 are of the last century, or the same with the whole year.
fn seconds(tag: u8, text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: u64 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let mut parts = [0_u64; 5];
    let mut rest = rest;
    for part in &mut parts {
        let (digits, after) = rest.split_at_checked(2)?;
        *part = digits.parse().ok()?;
        rest = after;
    }
    let [month, day, hour, minute, second] = parts;
    Some(days(year, month, day)? * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days since 1970 of a date of the Gregorian calendar.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // Years begin in March, so that the odd day is the last one.
    let year = if month > 2 { year } else { year.checked_sub(1)? };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    (365 * year + year / 4 - year / 100 + year / 400 + of_year).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::{GENERALIZED_TIME, UTC_TIME, seconds};

    #[test]
    fn times_are_counted_from_1970() {
        assert_eq!(seconds(UTC_TIME, b"700101000000Z"), Some(0));
        assert_eq!(seconds(UTC_TIME, b"000229120000Z"), Some(951_825_600));
        assert_eq!(seconds(GENERALIZED_TIME, b"20991231235959Z"), Some(4_102_444_799));
        assert_eq!(seconds(UTC_TIME, b"7001010000"), None);
    }
}
