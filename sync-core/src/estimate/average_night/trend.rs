//! The trend: the same places, the same month a year before.

use serde::{Deserialize, Serialize};

use crate::estimate::numeric::t95;

/// The fewest matched places with people in either year that carry a trend.
pub const LEAST_MATCHED: usize = 5;

/// One place, counted in both years.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchedPlace {
    /// The figure a year before.
    pub before: f64,
    /// Persons in the present year.
    pub now: f64,
}

/// Whether the matched places say that something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More than before.
    Up,
    /// Fewer than before.
    Down,
    /// The interval holds no change.
    NoChange,
}

/// The change at matched places.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// The places behind it.
    pub places: u32,
    /// Σ now / Σ before.
    pub ratio: f64,
    /// The lower limit of its 95 % interval.
    pub low: f64,
    pub high: f64,
    /// A change only when the interval of the log-ratio excludes zero.
    pub direction: Direction,
}

/// Measures the change at places counted in both years, in the order given; none
/// for too few places with people in either year, or when all were empty in one.
///
/// The log-ratio ln(Σy/Σx) has the linearised variance Σ(y − Rx)²/(1 − h)/(Σy)²,
/// h = (x + y)/Σ(x + y), and t with n − 1 degrees of freedom: places, not
/// people, are the independent units.
pub fn trend(places: &[MatchedPlace]) -> Option<Trend> {
    let possible = |v: f64| v.is_finite() && v >= 0.0;
    if places
        .iter()
        .any(|p| !possible(p.before) || !possible(p.now))
    {
        return None;
    }
    let used = || places.iter().filter(|p| p.before + p.now > 0.0);
    let count = used().count();
    let (mut before, mut now) = (0.0, 0.0);
    for place in used() {
        before += place.before;
        now += place.now;
    }
    if count < LEAST_MATCHED || before <= 0.0 || now <= 0.0 {
        return None;
    }
    let ratio = now / before;
    let mut squares = 0.0;
    for place in used() {
        let residual = place.now - ratio * place.before;
        let rest = 1.0 - (place.before + place.now) / (before + now);
        squares += residual * residual / rest.max(f64::EPSILON);
    }
    let n = u32::try_from(count).ok()?;
    let spread = libm::exp(t95(f64::from(n) - 1.0) * squares.sqrt() / now);
    let (low, high) = (ratio / spread, ratio * spread);
    Some(Trend {
        places: n,
        ratio,
        low,
        high,
        direction: if low > 1.0 {
            Direction::Up
        } else if high < 1.0 {
            Direction::Down
        } else {
            Direction::NoChange
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(rows: &[(f64, f64)]) -> Vec<MatchedPlace> {
        rows.iter()
            .map(|&(before, now)| MatchedPlace { before, now })
            .collect()
    }

    #[test]
    fn a_change_needs_the_interval() {
        let halved = matched(&[
            (10.0, 5.0),
            (8.0, 4.0),
            (20.0, 11.0),
            (6.0, 3.0),
            (12.0, 5.0),
        ]);
        let down = trend(&halved).unwrap();
        assert_eq!((down.places, down.direction), (5, Direction::Down));
        let mixed = matched(&[
            (10.0, 5.0),
            (8.0, 14.0),
            (20.0, 11.0),
            (6.0, 12.0),
            (12.0, 9.0),
        ]);
        assert_eq!(trend(&mixed).unwrap().direction, Direction::NoChange);
    }

    #[test]
    fn too_little_gives_none() {
        assert!(trend(&matched(&[(1.0, 2.0); 4])).is_none());
        assert!(trend(&matched(&[(0.0, 2.0); 9])).is_none());
        assert!(trend(&matched(&[(f64::NAN, 2.0); 9])).is_none());
        let same = trend(&matched(&[(3.0, 3.0); 9])).unwrap();
        assert_eq!((same.low, same.ratio, same.high), (1.0, 1.0, 1.0));
        assert_eq!(same.direction, Direction::NoChange);
    }
}
