//! The headline of the distinct people of a period.

use super::input::PeriodInput;
use super::outcome::{PeriodMethod, PeriodResult};
use crate::estimate::explain::{Explanation, Message, Param, high, low, total};

/// Explains what came of an input.
pub(super) fn explain(input: &PeriodInput, seen: u64, result: &PeriodResult) -> Explanation {
    let mut input = input.clone();
    input.meetings.sort_unstable();
    let bytes = serde_json::to_vec(&input).unwrap_or_default();
    Explanation::new(headline(seen, result), &bytes, None)
}

/// Returns the headline of a period in which `seen` distinct people were met.
pub(super) fn headline(seen: u64, result: &PeriodResult) -> Message {
    #[expect(clippy::cast_precision_loss, reason = "a number of people")]
    let seen = ("seen", Param::Number(seen as f64));
    let estimate = match result {
        PeriodResult::Refusal(refused) => {
            let reason = ("reason", Param::Code(refused.code.code()));
            return Message::new("people_refused", [seen, reason]);
        }
        PeriodResult::Estimate(estimate) => estimate,
    };
    let total = ("total", total(estimate.total));
    match estimate.method {
        PeriodMethod::LowerBound => Message::new("people_lower_bound", [seen, total]),
        PeriodMethod::Pair | PeriodMethod::Average => {
            let low = ("low", low(estimate.low));
            let high = ("high", high(estimate.high.unwrap_or(estimate.total)));
            Message::new("people_overlap", [seen, total, low, high])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Refusal;
    use crate::estimate::distinct_people::{PeriodEstimate, PeriodRefusal};
    use crate::estimate::explain::tests::is_listed;

    #[test]
    fn every_method_and_a_refusal_have_a_headline() {
        for method in [
            PeriodMethod::Pair,
            PeriodMethod::Average,
            PeriodMethod::LowerBound,
        ] {
            is_listed(&headline(
                50,
                &PeriodResult::Estimate(PeriodEstimate {
                    total: 60.0,
                    low: 52.1,
                    high: None,
                    method,
                }),
            ));
        }
        is_listed(&headline(
            0,
            &PeriodResult::Refusal(PeriodRefusal {
                code: Refusal::NoEncounters,
                codes: vec![Refusal::NoEncounters],
            }),
        ));
    }
}
