//! `lists` and `average`: three lists or more.

use serde_json::{Value, json};

use super::error::CalculateError as Error;
use super::fields::{Fields, array, count, wrong};
use super::output::{Output, figure};
use sync_core::estimate::distinct_people::log_linear::admissible_models::admissible_models;
use sync_core::estimate::distinct_people::log_linear::average::{
    MOST_UNSEEN, Options, Prior, average as average_graphs,
};
use sync_core::estimate::distinct_people::log_linear::fit::fit;
use sync_core::estimate::distinct_people::log_linear::table::{Lists, MOST_LISTS, Table};
use sync_core::estimate::distinct_people::log_linear::table_refusals;
use sync_core::estimate::reason::Refusal;
use sync_core::estimate::thresholds::Thresholds;

fn read_table(fields: &Fields) -> Result<Table, Error> {
    let lists = u32::try_from(fields.count("lists")?)
        .ok()
        .filter(|lists| (2..=MOST_LISTS).contains(lists))
        .ok_or_else(|| wrong("lists", "2 to 6"))?;
    let mut table = Table::new(lists).ok_or_else(|| wrong("lists", "2 to 6"))?;
    let cells = fields
        .require("cells")?
        .as_object()
        .ok_or_else(|| wrong("cells", "an object"))?;
    for (key, people) in cells {
        let on = read_cell(key, lists)?;
        let people = count(people, "cells")?;
        if on == 0 && people > 0 {
            return Err(Error::Inconsistent(
                "the cell of people on no list cannot be known".to_owned(),
            ));
        }
        table.add(on, people);
    }
    if table.seen() == 0 {
        return Err(Error::Empty("cells".to_owned()));
    }
    Ok(table)
}

fn read_cell(key: &str, lists: u32) -> Result<Lists, Error> {
    let mismatch = || {
        let key: String = key.chars().take(20).collect();
        Error::Mismatch(format!(
            "the cell {key:?} does not have {lists} digits of 0 and 1"
        ))
    };
    if key.len() != lists as usize {
        return Err(mismatch());
    }
    key.bytes()
        .enumerate()
        .try_fold(0, |on, (list, digit)| match digit {
            b'0' => Ok(on),
            b'1' => Ok(on | 1 << list),
            _ => Err(mismatch()),
        })
}

fn read_terms(fields: &Fields, lists: u32) -> Result<Vec<Lists>, Error> {
    if fields.get("terms").is_none() {
        return Ok(Vec::new());
    }
    let mut terms = Vec::new();
    for term in fields.array("terms")? {
        let mut set: Lists = 0;
        for list in array(term, "terms")? {
            let list = count(list, "terms")?;
            if list >= u64::from(lists) {
                return Err(Error::Mismatch(format!(
                    "terms name the list {list}, which is not there"
                )));
            }
            set |= 1 << list;
        }
        if set == 0 {
            return Err(Error::Empty("a term".to_owned()));
        }
        // A term of one list is in every model.
        if set.count_ones() > 1 && !terms.contains(&set) {
            terms.push(set);
        }
    }
    Ok(terms)
}

/// `lists cells terms` → one Poisson log-linear model.
pub(super) fn lists(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["lists", "cells"], &["terms"])?;
    let table = read_table(fields)?;
    let terms = read_terms(fields, table.lists())?;
    let thresholds = Thresholds::default();
    let mut refusals = table_refusals(&table, &thresholds);
    let fitted = match fit(&table, &terms) {
        Ok(fit) => {
            if !fit.exists {
                refusals.push(Refusal::NoFit);
            }
            let [low, high] = fit.log95();
            if high > thresholds.widest_interval * low {
                refusals.push(Refusal::IntervalTooWide);
            }
            Some(fit)
        }
        Err(refusal) => {
            refusals.push(refusal);
            None
        }
    };
    let fit = fitted.as_ref();
    Ok(Output::default()
        .optional(
            "n",
            fit.map(sync_core::estimate::distinct_people::log_linear::fit::Fit::total),
        )
        .optional("unseen", fit.map(|f| f.unseen))
        .optional(
            "se",
            fit.map(sync_core::estimate::distinct_people::log_linear::fit::Fit::se),
        )
        .interval(
            "log95",
            fit.map(sync_core::estimate::distinct_people::log_linear::fit::Fit::log95),
        )
        .optional("deviance", fit.map(|f| f.deviance))
        .optional("df", fit.map(|f| f64::from(f.df)))
        .optional("aic", fit.map(|f| f.aic))
        .optional("bic", fit.map(|f| f.bic))
        .refusal(refusals))
}

/// `lists cells delta? prior? max_unseen? saturated?` → the posterior of N.
pub(super) fn average(fields: &Fields) -> Result<Output, Error> {
    fields.only(
        &["lists", "cells"],
        &["delta", "max_unseen", "saturated", "prior"],
    )?;
    let table = read_table(fields)?;
    if !(3..=5).contains(&table.lists()) {
        return Err(wrong("lists", "3 to 5"));
    }
    let options = read_options(fields, &table)?;
    let Some(result) = average_graphs(&table, &options) else {
        return Err(Error::Inconsistent(
            "no posterior exists for these options".to_owned(),
        ));
    };
    let thresholds = Thresholds::default();
    let mut refusals = table_refusals(&table, &thresholds);
    let [low, _, high] = result.quantiles;
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    if high as f64 > thresholds.widest_interval * low as f64 {
        refusals.push(Refusal::IntervalTooWide);
    }
    if result.saturated_weight() > thresholds.most_saturated_weight {
        refusals.push(Refusal::SaturatedWeight);
    }
    let strip = admissible_models(&table, &thresholds);
    if strip.disagrees(&thresholds) {
        refusals.push(Refusal::ModelsDisagree);
    }
    let graphs: Vec<Value> = result
        .graphs
        .iter()
        .map(|(graph, weight)| {
            let cliques: Vec<Vec<u32>> = graph
                .cliques
                .iter()
                .map(|&clique| members(clique))
                .collect();
            json!({"cliques": cliques, "weight": figure(*weight)})
        })
        .collect();
    Ok(Output::default()
        .number("mean", result.mean)
        .value("quantiles", json!(result.quantiles))
        .value("mode", result.mode)
        .value("graphs", graphs)
        .interval("strip", strip.span())
        .refusal(refusals))
}

fn members(set: Lists) -> Vec<u32> {
    (0..MOST_LISTS)
        .filter(|list| set >> list & 1 == 1)
        .collect()
}

fn read_options(fields: &Fields, table: &Table) -> Result<Options, Error> {
    let mut options = Options::for_table(table);
    if fields.get("delta").is_some() {
        options.delta = fields.number("delta")?;
        if options.delta <= 0.0 {
            return Err(wrong("delta", "above zero"));
        }
    }
    if fields.get("max_unseen").is_some() {
        options.max_unseen = fields.count("max_unseen")?;
    }
    if options.max_unseen == 0 {
        return Err(wrong("max_unseen", "1 or more"));
    }
    if options.max_unseen > MOST_UNSEEN {
        return Err(Error::TooLarge(format!(
            "max_unseen ({})",
            options.max_unseen
        )));
    }
    if let Some(saturated) = fields.get("saturated") {
        options.saturated = saturated
            .as_bool()
            .ok_or_else(|| wrong("saturated", "true or false"))?;
    }
    if let Some(prior) = fields.get("prior") {
        options.prior = read_prior(prior)?;
    }
    Ok(options)
}

/// `"1/N"`, `"uniform"`, or a gamma–Poisson as `{"a": …, "b": …}` (also inside
/// `{"gamma_poisson": …}`).
fn read_prior(prior: &Value) -> Result<Prior, Error> {
    let bad = || {
        wrong(
            "prior",
            "\"1/N\", \"uniform\" or {\"a\", \"b\"} of a gamma–Poisson",
        )
    };
    match prior {
        Value::String(name) => match name.as_str() {
            "1/N" | "1/n" => Ok(Prior::OneOverN),
            "uniform" => Ok(Prior::Uniform),
            _ => Err(bad()),
        },
        Value::Object(object) => {
            let outer = Fields::from_object(object);
            let inner = match object.get("gamma_poisson").and_then(Value::as_object) {
                Some(inner) => {
                    outer.only(&["gamma_poisson"], &[])?;
                    Fields::from_object(inner)
                }
                None => outer,
            };
            inner.only(&["a", "b"], &[])?;
            let (a, b) = (inner.number("a")?, inner.number("b")?);
            if a > 0.0 && b > 0.0 {
                Ok(Prior::GammaPoisson { a, b })
            } else {
                Err(bad())
            }
        }
        _ => Err(bad()),
    }
}
