//! `ratio`, `strata` and `place`: the parts of quantity A.

use serde_json::Value;

use super::error::CalculateError as Error;
use super::fields::{Fields, array, count, number, object, wrong};
use super::output::Output;
use sync_core::estimate::average_night::place_night::{
    Counting, Observation, reconcile_place_night,
};
use sync_core::estimate::average_night::ratio::{DrawnPlace, Ratio};
use sync_core::estimate::average_night::strata::Stratum;
use sync_core::estimate::numeric::{Z95, interval_above_seen, t95};
use sync_core::estimate::reason::Refusal;
use sync_core::estimate::thresholds::Thresholds;

/// `previous`, `current` (null = unseen), `drawn`? → the ratio prediction.
///
/// Without `drawn` every seen place counts as drawn. A place whose previous
/// figure is zero has no ratio: seen it counts, unseen it adds nothing.
pub(super) fn ratio(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["previous", "current"], &["drawn"])?;
    let previous = fields.array("previous")?;
    let current = fields.array("current")?;
    let drawn = fields.get("drawn").map(|v| array(v, "drawn")).transpose()?;
    if previous.is_empty() {
        return Err(Error::Empty("previous".to_owned()));
    }
    if current.len() != previous.len() || drawn.is_some_and(|d| d.len() != previous.len()) {
        return Err(Error::Mismatch(
            "previous, current and drawn must be equally long".to_owned(),
        ));
    }
    let (mut seen, mut unseen, mut visited_previous) = (0.0, 0.0, 0.0);
    let mut sample = Vec::new();
    for (i, (a, x)) in previous.iter().zip(current).enumerate() {
        let a = number(a, "previous")?;
        let is_drawn = match drawn.map(|d| &d[i]) {
            None => true,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => return Err(wrong("drawn", "an array of booleans")),
        };
        if x.is_null() {
            unseen += a;
            continue;
        }
        let x = number(x, "current")?;
        seen += x;
        visited_previous += a;
        if is_drawn && a > 0.0 {
            sample.push(DrawnPlace {
                previous: a,
                current: x,
            });
        }
    }
    let thresholds = Thresholds::default();
    let mut refusals = Vec::new();
    if unseen > 0.0 && (sample.len() as u64) < u64::from(thresholds.least_drawn) {
        refusals.push(Refusal::TooFewDrawn);
    }
    if visited_previous < thresholds.least_visited_share * (visited_previous + unseen) {
        refusals.push(Refusal::CoverageTooLow);
    }
    let measured = Ratio::plain(&sample);
    let beta = measured
        .map(|r| r.beta)
        .or_else(|| sample.first().map(|only| only.current / only.previous));
    let total = match beta {
        _ if unseen <= 0.0 => Some(seen),
        Some(beta) => Some(seen + beta * unseen),
        None => None,
    };
    let se = if unseen <= 0.0 {
        Some(0.0)
    } else {
        measured.map(|r| r.prediction_variance(unseen).sqrt())
    };
    let quantile = measured.map(|r| t95(r.df));
    let intervals = match (total, se, quantile) {
        (Some(total), Some(se), Some(quantile)) => Some((
            [total - quantile * se, total + quantile * se],
            interval_above_seen(seen, total, se, quantile),
        )),
        _ => None,
    };
    if intervals.is_some_and(|(_, [low, high])| high > thresholds.widest_interval * low.max(0.5)) {
        refusals.push(Refusal::IntervalTooWide);
    }
    Ok(Output::default()
        .optional("beta", beta)
        .optional("sigma2", measured.map(|r| r.sigma2))
        .optional("total", total)
        .optional("se", se)
        .interval("t95", intervals.map(|(t, _)| t))
        .interval("log95", intervals.map(|(_, log)| log))
        .number("seen", seen)
        .refusal(refusals))
}

/// `strata:[{population, n, sum, sum_of_squares}]` → the expansion.
#[expect(clippy::cast_precision_loss, reason = "counts up to 10⁸")]
pub(super) fn strata(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["strata"], &[])?;
    let rows = fields.array("strata")?;
    if rows.is_empty() {
        return Err(Error::Empty("strata".to_owned()));
    }
    let (mut total, mut variance) = (Some(0.0), Some(0.0));
    let mut refusals = Vec::new();
    for row in rows {
        let row = object(row, "strata")?;
        row.only(&["population", "n", "sum", "sum_of_squares"], &[])?;
        let stratum = Stratum {
            population: row.count("population")? as f64,
            n: row.count("n")? as f64,
            sum: row.number("sum")?,
            sum_of_squares: sum_of_squares(&row)?,
        };
        check_stratum(&stratum)?;
        total = total.zip(stratum.total()).map(|(sum, one)| sum + one);
        variance = variance.zip(stratum.variance()).map(|(sum, one)| sum + one);
        if stratum.n < stratum.population && stratum.n < 2.0 {
            refusals.push(Refusal::TooFewDrawn);
        }
    }
    let se = variance.map(f64::sqrt);
    let wald = total
        .zip(se)
        .map(|(total, se)| [total - Z95 * se, total + Z95 * se]);
    Ok(Output::default()
        .optional("total", total)
        .optional("se", se)
        .interval("wald95", wald)
        .refusal(refusals))
}

/// Squares may be as large as the square of the largest sum.
fn sum_of_squares(row: &Fields) -> Result<f64, Error> {
    let name = "sum_of_squares";
    let value = row.require(name)?;
    match value.as_f64().filter(|v| v.is_finite()) {
        None => Err(wrong(name, "a number")),
        Some(v) if v < 0.0 => Err(Error::Negative(name.to_owned())),
        Some(v) if v > 1e16 => Err(Error::TooLarge(name.to_owned())),
        Some(v) => Ok(v),
    }
}

fn check_stratum(stratum: &Stratum) -> Result<(), Error> {
    let inconsistent = |why: &str| Err(Error::Inconsistent(why.to_owned()));
    if stratum.n > stratum.population {
        return inconsistent("n is larger than population");
    }
    if stratum.n <= 0.0 && (stratum.sum > 0.0 || stratum.sum_of_squares > 0.0) {
        return inconsistent("a sum without a sample");
    }
    // Σx² is at least (Σx)²/n and, for figures of zero or more, at most (Σx)².
    let least = stratum.sum * stratum.sum / stratum.n.max(1.0);
    let most = stratum.sum * stratum.sum;
    let slack = 1e-9 * most;
    if stratum.sum_of_squares < least - slack || stratum.sum_of_squares > most + slack {
        return inconsistent("sum and sum_of_squares contradict each other");
    }
    Ok(())
}

/// `observations:[{kind, low?, best, high?}]` → x and its variance, with φ = 1.
pub(super) fn place(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["observations"], &[])?;
    let rows = fields.array("observations")?;
    if rows.is_empty() {
        return Err(Error::Empty("observations".to_owned()));
    }
    let mut observations = Vec::with_capacity(rows.len());
    for row in rows {
        observations.push(observation(&object(row, "observations")?)?);
    }
    let night = reconcile_place_night(&observations, &Counting::default())?;
    let refusals = if night.is_none() {
        vec![Refusal::NoData]
    } else {
        Vec::new()
    };
    Ok(Output::default()
        .optional("x", night.map(|n| n.x))
        .optional("variance", night.map(|n| n.u))
        .refusal(refusals))
}

fn observation(row: &Fields) -> Result<Observation, Error> {
    let persons = |name: &str| -> Result<Option<u32>, Error> {
        row.get(name)
            .map(|value| {
                u32::try_from(count(value, name)?).map_err(|_| Error::TooLarge(name.to_owned()))
            })
            .transpose()
    };
    row.only(&["kind", "best"], &["low", "high"])?;
    let kind = row.text("kind")?;
    let best = persons("best")?.ok_or_else(|| Error::MissingField("best".to_owned()))?;
    let (low, high) = (persons("low")?, persons("high")?);
    if low.is_some_and(|low| low > best) || high.is_some_and(|high| high < best) {
        return Err(Error::Inconsistent(
            "low ≤ best ≤ high does not hold".to_owned(),
        ));
    }
    match kind {
        "complete" => Ok(Observation::Complete { low, best, high }),
        "partial" => Ok(Observation::Partial { best }),
        "reported" => Ok(Observation::Reported { best }),
        _ => Err(wrong("kind", "complete, partial or reported")),
    }
}
