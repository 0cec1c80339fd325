//! How those seen on a mean night divide by age.

use sync_core::estimate::average_night::Access;
use sync_core::estimate::average_night::place_history::PlaceNightRecord;
use sync_core::time::Night;

/// Adults, children and persons of unknown age on a mean night: for each place
/// the mean over its nights seen whole (over all its nights when there is none),
/// added over places. Not rounded.
pub(super) fn ages(places: &[Vec<(Night, PlaceNightRecord)>]) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for nights in places {
        let records = nights.iter().map(|(_, record)| record);
        let whole = records.clone().filter(|r| r.access == Access::Complete);
        let mean = mean(whole).or_else(|| mean(records));
        for (total, share) in sum.iter_mut().zip(mean.unwrap_or_default()) {
            *total += share;
        }
    }
    sum
}

fn mean<'a>(nights: impl Iterator<Item = &'a PlaceNightRecord>) -> Option<[f64; 3]> {
    let (mut sum, mut n) = ([0_u64; 3], 0_u32);
    for night in nights {
        let seen = night.composition;
        for (total, persons) in sum
            .iter_mut()
            .zip([seen.adults, seen.children, seen.age_unknown])
        {
            *total += persons;
        }
        n += 1;
    }
    // At most some thousand persons on some dozens of nights.
    #[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
    (n > 0).then(|| sum.map(|total| total as f64 / f64::from(n)))
}

/// Divides a whole number in proportion to shares, by the largest remainders, so
/// that the parts add up to it. Without shares, all of it goes to the last part.
pub(super) fn apportion(total: u64, shares: [f64; 3]) -> [u64; 3] {
    let sum: f64 = shares.iter().sum();
    if sum <= 0.0 {
        return [0, 0, total];
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of people")]
    let exact = shares.map(|share| share / sum * total as f64);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most the total, and not negative"
    )]
    let mut parts = exact.map(|part| part.floor() as u64);
    let mut order = [0, 1, 2];
    order.sort_by(|a: &usize, b: &usize| {
        let remainder = |i: usize| exact[i] - exact[i].floor();
        remainder(*b).total_cmp(&remainder(*a)).then(a.cmp(b))
    });
    let left = total.saturating_sub(parts.iter().sum());
    for i in order
        .into_iter()
        .cycle()
        .take(usize::try_from(left).unwrap_or(0))
    {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_add_up(total in 0_u64..10_000, a in 0.0..500.0, b in 0.0..500.0, c in 0.0..500.0) {
            let parts = apportion(total, [a, b, c]);
            prop_assert_eq!(parts.iter().sum::<u64>(), total);
        }
    }

    #[test]
    fn the_largest_remainder_rounds_up() {
        assert_eq!(apportion(10, [1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(apportion(7, [0.0, 0.0, 0.0]), [0, 0, 7]);
        assert_eq!(apportion(9, [8.6, 0.4, 0.0]), [9, 0, 0]);
    }
}
