//! Times on the calendar: snapshots are named after one, and show one. Time zones are deliberately absent.

use super::Time;

/// A second of the Gregorian calendar, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the calendar")]
pub struct Moment {
    pub year: u64,
    pub month: u64,
    pub day: u64,
    pub hour: u64,
    pub minute: u64,
    pub second: u64,
}

impl Moment {
    /// The second in which a time lies. Time zero is the first second of 2024.
    pub fn of(time: Time) -> Self {
        let seconds = time.0 / 1_000_000;
        let (year, month, day) = date(seconds / 86_400);
        let of_day = seconds % 86_400;
        Self { year, month, day, hour: of_day / 3_600, minute: of_day / 60 % 60, second: of_day % 60 }
    }
}

/// The date that lies so many days after 2024-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    // Years are counted from March, so that the leap day comes last. 739,191 days lie between 0000-03-01 and
    // 2024-01-01.
    let from_march = days + 739_191;
    let era_day = from_march % 146_097;
    let of_era = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
    let of_year = era_day - (365 * of_era + of_era / 4 - of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = of_era + from_march / 146_097 * 400 + u64::from(month >= 10);
    (year, if month < 10 { month + 3 } else { month - 9 }, day)
}
