//! `pair`, `plants`, `frequencies` and `occasions`: one or two lists.

use std::collections::BTreeMap;

use super::error::CalculateError as Error;
use super::fields::{Fields, count, wrong};
use super::output::Output;
use sync_core::estimate::distinct_people::frequencies::{Frequencies, mt};
use sync_core::estimate::distinct_people::occasions::{Occasion, occasions as from_occasions};
use sync_core::estimate::distinct_people::two_lists::{Pair, plants as from_plants};
use sync_core::estimate::numeric::Z95;
use sync_core::estimate::thresholds::Thresholds;

/// The most occasions or meetings of one person.
const MOST_OCCASIONS: u64 = 10_000;

fn inconsistent(why: &str) -> Error {
    Error::Inconsistent(why.to_owned())
}

/// `n1 n2 m` → Lincoln–Petersen, Chapman and three intervals.
pub(super) fn pair(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["n1", "n2", "m"], &[])?;
    let (n1, n2, m) = (fields.count("n1")?, fields.count("n2")?, fields.count("m")?);
    if n1 == 0 && n2 == 0 {
        return Err(Error::Empty("n1 and n2".to_owned()));
    }
    let estimate = Pair::new(n1, n2, m)
        .ok_or_else(|| inconsistent("m is larger than n1 or n2"))?
        .estimate(&Thresholds::default());
    Ok(Output::default()
        .optional("lincoln_petersen", estimate.lincoln_petersen)
        .number("chapman", estimate.chapman)
        .number("se", estimate.se)
        .interval("wald95", Some(estimate.wald95))
        .interval("log95", Some(estimate.log95))
        .interval("sadinle95", Some(estimate.sadinle95))
        .refusal(estimate.refusals))
}

/// `planted seen_planted seen_others` → N without the planted.
pub(super) fn plants(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["planted", "seen_planted", "seen_others"], &[])?;
    let planted = fields.count("planted")?;
    let seen_planted = fields.count("seen_planted")?;
    let seen_others = fields.count("seen_others")?;
    if seen_planted > planted {
        return Err(inconsistent("seen_planted is larger than planted"));
    }
    Ok(Output::default().number("n", from_plants(planted, seen_planted, seen_others)))
}

/// `f` or `distinct f1 f2`; `occasions`?, `n_i`? → Chao's bound and diagnostics.
pub(super) fn frequencies(fields: &Fields) -> Result<Output, Error> {
    if fields.get("f").is_some() {
        fields.only(&["f"], &["distinct", "f1", "f2", "occasions", "n_i"])?;
    } else {
        fields.only(&["distinct", "f1", "f2"], &["f", "occasions", "n_i"])?;
    }
    let data = read_frequencies(fields)?;
    let (chao, corrected) = (data.chao(), data.chao_bias_corrected());
    let zelterman = data.zelterman();
    let poisson = data.truncated_poisson();
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    let mut output = Output::default()
        .number("distinct", data.distinct as f64)
        .optional("chao", chao.map(|c| c.value))
        .optional("chao_se", chao.map(|c| c.se))
        .interval("chao_log95", chao.map(|c| c.interval))
        .number("chao_bc", corrected.value)
        .number("chao_bc_se", corrected.se)
        .interval("chao_bc_log95", Some(corrected.interval))
        .optional("zelterman", zelterman.map(|(value, _)| value))
        .optional("zelterman_se", zelterman.map(|(_, se)| se))
        .optional("poisson_lambda", poisson.map(|p| p.lambda))
        .optional("poisson", poisson.map(|p| p.total))
        .optional("poisson_se", poisson.map(|p| p.se))
        .interval(
            "poisson_wald95",
            poisson.map(|p| [p.total - Z95 * p.se, p.total + Z95 * p.se]),
        );
    if let Some(occasions) = fields.get("occasions") {
        let occasions = count(occasions, "occasions")?;
        output = with_occasions(output, fields, &data, occasions)?;
    }
    Ok(output.refusal(data.refusals(&Thresholds::default())))
}

fn read_frequencies(fields: &Fields) -> Result<Frequencies, Error> {
    let Some(table) = fields.get("f") else {
        let (distinct, f1, f2) = (
            fields.count("distinct")?,
            fields.count("f1")?,
            fields.count("f2")?,
        );
        if distinct == 0 {
            return Err(Error::Empty("distinct".to_owned()));
        }
        return Frequencies::from_first(distinct, f1, f2)
            .ok_or_else(|| inconsistent("f1 + f2 is larger than distinct"));
    };
    let table = table.as_object().ok_or_else(|| wrong("f", "an object"))?;
    let mut by_times = BTreeMap::new();
    for (times, people) in table {
        let times: u32 = times
            .parse()
            .ok()
            .filter(|&k| k >= 1 && u64::from(k) <= MOST_OCCASIONS)
            .ok_or_else(|| wrong("f", "keyed by the times met, 1 or more"))?;
        let people = count(people, "f")?;
        if by_times.insert(times, people).is_some() {
            return Err(inconsistent("f has a number of times twice"));
        }
    }
    let data = Frequencies::from_table(by_times).ok_or_else(|| Error::Empty("f".to_owned()))?;
    for (name, known) in [
        ("distinct", data.distinct),
        ("f1", data.once),
        ("f2", data.twice),
    ] {
        if fields.get(name).is_some() && fields.count(name)? != known {
            return Err(Error::Inconsistent(format!("{name} is not that of f")));
        }
    }
    Ok(data)
}

fn with_occasions(
    output: Output,
    fields: &Fields,
    data: &Frequencies,
    occasions: u64,
) -> Result<Output, Error> {
    let t = u32::try_from(occasions)
        .ok()
        .filter(|&t| t >= 1 && u64::from(t) <= MOST_OCCASIONS)
        .ok_or_else(|| wrong("occasions", "1 or more"))?;
    let most_met = data
        .all
        .as_ref()
        .and_then(|table| table.iter().rev().find(|&(_, &people)| people > 0))
        .map(|(&times, _)| times);
    if most_met.is_some_and(|most| most > t) {
        return Err(inconsistent(
            "somebody was met more often than there were occasions",
        ));
    }
    let caught = fields
        .get("n_i")
        .map(|_| read_caught(fields, data, t))
        .transpose()?;
    Ok(output
        .optional("m0", data.m0(t))
        .optional("mt", caught.and_then(|caught| mt(data.distinct, &caught)))
        .optional("mh_chao", data.mh_chao(t)))
}

/// The people met on each occasion, as far as they can belong to `data`.
fn read_caught(fields: &Fields, data: &Frequencies, occasions: u32) -> Result<Vec<u64>, Error> {
    let mut caught = Vec::new();
    for value in fields.array("n_i")? {
        caught.push(count(value, "n_i")?);
    }
    if caught.len() != occasions as usize {
        return Err(Error::Mismatch(
            "n_i must have one figure an occasion".to_owned(),
        ));
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    let sum = caught.iter().sum::<u64>() as f64;
    if caught.iter().any(|&n| n > data.distinct)
        || data.meetings().is_some_and(|meetings| meetings != sum)
    {
        return Err(inconsistent("n_i contradicts f"));
    }
    Ok(caught)
}

/// `caught recaptured marked` → Schnabel and Schumacher–Eschmeyer.
pub(super) fn occasions(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["caught", "recaptured", "marked"], &[])?;
    let read = |name: &str| -> Result<Vec<u64>, Error> {
        fields.array(name)?.iter().map(|v| count(v, name)).collect()
    };
    let (caught, recaptured, marked) = (read("caught")?, read("recaptured")?, read("marked")?);
    if caught.len() != recaptured.len() || caught.len() != marked.len() {
        return Err(Error::Mismatch(
            "caught, recaptured and marked must be equally long".to_owned(),
        ));
    }
    if caught.is_empty() {
        return Err(Error::Empty("caught".to_owned()));
    }
    let rows: Vec<Occasion> = caught
        .iter()
        .zip(&recaptured)
        .zip(&marked)
        .map(|((&caught, &recaptured), &marked)| Occasion {
            caught,
            recaptured,
            marked,
        })
        .collect();
    if rows
        .iter()
        .any(|r| r.recaptured > r.caught || r.recaptured > r.marked)
    {
        return Err(inconsistent("more recaptured than caught or marked"));
    }
    let estimate = from_occasions(&rows);
    let thresholds = Thresholds::default();
    Ok(Output::default()
        .optional("schnabel", estimate.schnabel)
        .number("schnabel_chapman", estimate.schnabel_chapman)
        .optional("schumacher", estimate.schumacher)
        .interval("schumacher_t95", estimate.schumacher_t95)
        .refusal(estimate.refusals(&thresholds)))
}
