//! The twenty cases with published or independently recomputed answers.

use serde_json::{Value, json};

use super::*;
use sync_core::estimate::distinct_people::log_linear::admissible_models::admissible_models;
use sync_core::estimate::distinct_people::log_linear::table::Table;
use sync_core::estimate::thresholds::Thresholds;

const CASES: &str = include_str!("../../../tests/data/estimate-cases.json");

fn calculate_value(method: &str, input: &Value) -> Value {
    let line = calculate_line(method.parse().unwrap(), &input.to_string());
    serde_json::from_str(&line).unwrap()
}

/// The tolerance of a case for one figure.
fn allowed(case: &Value, name: &str, expected: f64) -> f64 {
    let tolerance = &case["tolerance"];
    let relative = if name == "se" {
        tolerance["se_rel"].as_f64()
    } else {
        None
    };
    relative
        .or(tolerance["rel"].as_f64())
        .map(|relative| relative * expected.abs())
        .or(tolerance["abs"].as_f64())
        // Expected figures are printed with six decimals.
        .map_or(0.0, |t| t.max(6e-7))
}

fn compare(case: &Value, out: &Value, names: &[(&str, &str)]) {
    let name = case["name"].as_str().unwrap();
    let mut compared = 0;
    for &(theirs, ours) in names {
        let expected = &case["expected"][theirs];
        let pairs: Vec<(&Value, &Value)> = match expected {
            Value::Null => continue,
            Value::Array(both) => both.iter().zip(out[ours].as_array().unwrap()).collect(),
            _ => vec![(expected, &out[ours])],
        };
        for (expected, got) in pairs {
            let (expected, got) = (expected.as_f64().unwrap(), got.as_f64().unwrap());
            let within = allowed(case, ours, expected);
            // Log-linear intervals are given with four decimals.
            let within = if theirs == "wald_log95" {
                within.max(6e-5)
            } else {
                within
            };
            assert!(
                (got - expected).abs() <= within,
                "{name} {ours}: {got} ≠ {expected}"
            );
            compared += 1;
        }
    }
    assert!(compared > 0, "{name}: nothing compared");
}

const PAIR: &[(&str, &str)] = &[
    ("lp", "lincoln_petersen"),
    ("chapman", "chapman"),
    ("se", "se"),
    ("wald95", "wald95"),
    ("chao_log95", "log95"),
    ("sadinle95", "sadinle95"),
];
const FREQUENCIES: &[(&str, &str)] = &[
    ("D", "distinct"),
    ("chao", "chao"),
    ("chao_se", "chao_se"),
    ("se", "chao_se"),
    ("chao_log95", "chao_log95"),
    ("chao_bc", "chao_bc"),
    ("chao_bc_se", "chao_bc_se"),
    ("chao_bc_log95", "chao_bc_log95"),
    ("zelterman", "zelterman"),
    ("zelterman_se", "zelterman_se"),
    ("ztp_lambda", "poisson_lambda"),
    ("ztp", "poisson"),
    ("ztp_se", "poisson_se"),
    ("ztp_wald95", "poisson_wald95"),
];
const LISTS: &[(&str, &str)] = &[
    ("N", "n"),
    ("f0", "unseen"),
    ("se_rcapture", "se"),
    ("wald_log95", "log95"),
    ("deviance", "deviance"),
    ("df", "df"),
    ("aic", "aic"),
    ("bic", "bic"),
];
const OCCASIONS: &[(&str, &str)] = &[
    ("schnabel", "schnabel"),
    ("schnabel_chapman", "schnabel_chapman"),
    ("schumacher", "schumacher"),
    ("schumacher_t95", "schumacher_t95"),
];
const RATIO: &[(&str, &str)] = &[
    ("beta", "beta"),
    ("sigma2", "sigma2"),
    ("total", "total"),
    ("se", "se"),
    ("t95", "t95"),
];
const AVERAGE: &[(&str, &str)] = &[
    ("mean", "mean"),
    ("quantiles", "quantiles"),
    ("q", "quantiles"),
    ("mode", "mode"),
];

#[test]
fn all_twenty_cases() {
    let file: Value = serde_json::from_str(CASES).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 20);
    for case in cases {
        check(case);
    }
}

fn check(case: &Value) {
    let input = &case["input"];
    let name = case["name"].as_str().unwrap();
    let start = |prefix: &str| name.starts_with(prefix);
    if start("chapman") {
        let out = calculate_value("pair", input);
        compare(case, &out, PAIR);
        assert_eq!(out["refusal"], Value::Null);
    } else if start("chao") {
        let input = match input.get("D") {
            Some(distinct) => json!({"distinct": distinct, "f1": input["f1"], "f2": input["f2"]}),
            None => input.clone(),
        };
        compare(case, &calculate_value("frequencies", &input), FREQUENCIES);
    } else if start("mse") {
        compare(case, &calculate_value("lists", input), LISTS);
    } else if start("dga_madigan") {
        check_madigan_york(case);
    } else if start("dga_hav") {
        check_saturated_artefact(case);
    } else if start("schnabel") {
        let input = json!({
            "caught": input["caught"], "recaptured": input["recaps"], "marked": input["M"],
        });
        compare(case, &calculate_value("occasions", &input), OCCASIONS);
    } else if start("ratio") {
        compare(case, &calculate_value("ratio", input), RATIO);
    } else if start("plant") {
        let out = calculate_value(
            "plants",
            &json!({"planted": input["R"], "seen_planted": input["r"], "seen_others": input["n"]}),
        );
        compare(case, &out, &[("N", "n")]);
    } else if start("refuse_low") || start("refuse_zero") {
        let out = calculate_value("pair", input);
        assert_eq!(out["refusal"]["code"], "overlap_too_small", "{name}");
    } else {
        assert_eq!(name, "refuse_hav_range");
        check_hav_strip();
    }
}

fn check_madigan_york(case: &Value) {
    let mut input = case["input"].clone();
    input["delta"] = json!(1);
    input["prior"] = json!({"gamma_poisson": {"a": 13.14, "b": 55.17}});
    input["max_unseen"] = json!(300);
    input["saturated"] = json!(true);
    let out = calculate_value("average", &input);
    compare(case, &out, AVERAGE);
    let weights = case["expected"]["graph_weights"].as_object().unwrap();
    let graphs = out["graphs"].as_array().unwrap();
    assert_eq!(graphs.len(), weights.len());
    for graph in graphs {
        let mut cliques: Vec<String> = graph["cliques"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clique| {
                let lists = clique.as_array().unwrap();
                let names: Vec<String> = lists.iter().map(Value::to_string).collect();
                let comma = if names.len() == 1 { "," } else { "" };
                format!("({}{comma})", names.join(", "))
            })
            .collect();
        cliques.sort_by_key(|c| c.replace(',', " "));
        let key = format!("[{}]", cliques.join(", "));
        let expected = weights
            .get(&key)
            .unwrap_or_else(|| panic!("{key}"))
            .as_f64()
            .unwrap();
        assert!(
            (graph["weight"].as_f64().unwrap() - expected).abs() < 1e-4,
            "{key}"
        );
    }
}

fn check_saturated_artefact(case: &Value) {
    for (saturated, key) in [(true, "with_saturated"), (false, "without_saturated")] {
        let mut input = case["input"].clone();
        input["saturated"] = json!(saturated);
        input["max_unseen"] = json!(5000);
        let out = calculate_value("average", &input);
        let part = json!({
            "name": key, "expected": case["expected"][key], "tolerance": case["tolerance"],
        });
        compare(&part, &out, AVERAGE);
        let codes = out["refusal"]["codes"].to_string();
        assert!(codes.contains("models_disagree"), "{codes}");
        assert_eq!(codes.contains("saturated_weight"), saturated);
    }
}

/// Four defensible models of one table say 388 to 1,313.
fn check_hav_strip() {
    let mut table = Table::new(3).unwrap();
    let cells = [
        (7, 28),
        (3, 21),
        (5, 17),
        (6, 18),
        (1, 69),
        (2, 55),
        (4, 63),
    ];
    for (on, people) in cells {
        table.add(on, people);
    }
    let strip = admissible_models(&table, &Thresholds::default());
    let [low, high] = strip.span().unwrap();
    assert!((low - 388.483_495).abs() < 1e-3 && (high - 1_312.764_706).abs() < 1e-3);
    assert!(strip.disagrees(&Thresholds::default()));
}
