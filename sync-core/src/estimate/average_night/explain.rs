//! The headline of an average night.

use super::input::NightAverageInput;
use super::outcome::{NightMethod, NightResult};
use crate::estimate::explain::{
    Explanation, Message, Param, high, low, persons_seen, ratio, total,
};

/// Explains what came of an input.
pub(super) fn explain(input: &NightAverageInput, seen: f64, result: &NightResult) -> Explanation {
    Explanation::new(
        headline(seen, result),
        &input.canonical_bytes(),
        input.draw_seed,
    )
}

/// Returns the headline of an average night on which `seen` persons were seen.
pub(super) fn headline(seen: f64, result: &NightResult) -> Message {
    #[expect(clippy::cast_precision_loss, reason = "a number of people")]
    let seen = ("seen", Param::Number(persons_seen(seen) as f64));
    let estimate = match result {
        NightResult::Refusal(refused) => {
            let reason = ("reason", Param::Code(refused.code.code()));
            return Message::new("night_refused", [seen, reason]);
        }
        NightResult::Estimate(estimate) => estimate,
    };
    let [total, low, high] = [
        ("total", total(estimate.total)),
        ("low", low(estimate.low)),
        ("high", high(estimate.high)),
    ];
    let times = ("times", ratio(estimate.observed.unwrap_or(1.0)));
    match estimate.method {
        NightMethod::AllCounted => Message::new("night_all_counted", [seen, total, low, high]),
        NightMethod::DrawnRatio | NightMethod::DrawnRatioByAge => {
            Message::new("night_drawn_ratio", [seen, times, total, low, high])
        }
        NightMethod::PooledRatio => {
            Message::new("night_pooled_ratio", [seen, times, total, low, high])
        }
        NightMethod::StratifiedExpansion => {
            Message::new("night_stratified_expansion", [seen, total, low, high])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Refusal;
    use crate::estimate::average_night::{NightEstimate, NightRefusal};
    use crate::estimate::explain::tests::is_listed;

    #[test]
    fn every_method_and_a_refusal_have_a_headline() {
        for method in [
            NightMethod::AllCounted,
            NightMethod::DrawnRatio,
            NightMethod::DrawnRatioByAge,
            NightMethod::PooledRatio,
            NightMethod::StratifiedExpansion,
        ] {
            is_listed(&headline(
                3.0,
                &NightResult::Estimate(NightEstimate {
                    total: 5.0,
                    low: 3.2,
                    high: 8.1,
                    se: 1.0,
                    df: None,
                    beta: None,
                    observed: None,
                    method,
                }),
            ));
        }
        let refused = headline(
            3.9,
            &NightResult::Refusal(NightRefusal {
                code: Refusal::NoData,
                codes: vec![Refusal::NoData],
            }),
        );
        is_listed(&refused);
        assert_eq!(refused.params["seen"], Param::Number(3.0));
        assert_eq!(refused.params["reason"], Param::Code("no_data"));
    }
}
