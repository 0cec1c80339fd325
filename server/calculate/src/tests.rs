//! Every method on the published cases, and on lines that are wrong.

use serde_json::{Value, json};

use super::*;

fn calculate_value(method: &str, input: &Value) -> Value {
    let line = calculate_line(method.parse().unwrap(), &input.to_string());
    serde_json::from_str(&line).unwrap()
}

fn assert_near(got: &Value, expected: f64, tolerance: f64) {
    let got = got.as_f64().unwrap();
    assert!((got - expected).abs() <= tolerance, "{got} ≠ {expected}");
}

#[test]
fn ratio_of_places() {
    let out = calculate_value(
        "ratio",
        &json!({
            "previous": [12, 8, 30, 5, 3, 1, 22, 7, 9, 4, 15, 2],
            "current": [9, 6, 21, 5, 1, 0, 18, 4, null, null, null, null],
        }),
    );
    assert_near(&out["beta"], 0.727_272_727_3, 1e-8);
    assert_near(&out["sigma2"], 0.250_123_685_8, 1e-8);
    assert_near(&out["total"], 85.818_181_818_2, 1e-8);
    assert_near(&out["se"], 3.172_033_058_7, 1e-8);
    assert_near(&out["t95"][0], 78.317_516, 1e-6);
    assert_near(&out["t95"][1], 93.318_848, 1e-6);
    assert_eq!(out["seen"], 64);
    assert_eq!(out["refusal"], Value::Null);
}

#[test]
fn strata_and_place() {
    let out = calculate_value(
        "strata",
        &json!({"strata": [{"population": 10, "n": 4, "sum": 12, "sum_of_squares": 46}]}),
    );
    assert_eq!(out["total"], 30);
    assert_near(&out["se"], 50.0_f64.sqrt(), 1e-9);
    let out = calculate_value(
        "place",
        &json!({"observations": [
            {"kind": "complete", "best": 7}, {"kind": "complete", "best": 8},
            {"kind": "partial", "best": 9}, {"kind": "reported", "best": 50},
        ]}),
    );
    assert_eq!(out["x"], 9);
    assert_eq!(out["variance"].as_f64(), Some(0.25));
}

/// M0 against R's glm(f ~ k + offset(lchoose(t, k)), poisson), Mt against
/// uniroot on Darroch's equation.
#[test]
fn fixed_occasions() {
    let out = calculate_value(
        "frequencies",
        &json!({"f": {"1": 43, "2": 16, "3": 8, "4": 6, "6": 2, "7": 1}, "occasions": 18}),
    );
    assert_near(&out["m0"], 97.159_290_835, 1e-8);
    assert_near(
        &out["mh_chao"],
        76.0 + 17.0 / 18.0 * 43.0 * 43.0 / 32.0,
        1e-9,
    );
    assert_eq!(out["mt"], Value::Null);
    let out = calculate_value(
        "frequencies",
        &json!({
            "distinct": 4400, "f1": 3218, "f2": 817,
            "occasions": 4, "n_i": [1910, 1528, 1786, 685],
        }),
    );
    assert_near(&out["mt"], 7_394.586_663_08, 1e-7);
}

#[test]
fn wrong_lines_give_codes() {
    let cases = [
        ("ratio", "", "bad_json"),
        ("ratio", "NaN", "bad_json"),
        ("ratio", r#"{"previous":[NaN],"current":[1]}"#, "bad_json"),
        ("ratio", "[1]", "not_an_object"),
        ("ratio", "{}", "missing_field"),
        ("ratio", r#"{"previous":[1],"current":[]}"#, "mismatch"),
        ("ratio", r#"{"previous":[],"current":[]}"#, "empty"),
        ("ratio", r#"{"previous":[-1],"current":[1]}"#, "negative"),
        ("ratio", r#"{"previous":[1e9],"current":[1]}"#, "too_large"),
        ("ratio", r#"{"previous":[1],"current":["x"]}"#, "wrong_type"),
        (
            "place",
            r#"{"observations":[{"kind":"complete","best":1.5}]}"#,
            "not_integer",
        ),
        (
            "place",
            r#"{"observations":[{"kind":"complete","low":5,"best":2}]}"#,
            "inconsistent",
        ),
        (
            "strata",
            r#"{"strata":[{"population":3,"n":4,"sum":1,"sum_of_squares":1}]}"#,
            "inconsistent",
        ),
    ];
    for (method, line, code) in cases {
        let out: Value =
            serde_json::from_str(&calculate_line(method.parse().unwrap(), line)).unwrap();
        assert_eq!(out["error"]["code"], code, "{method} {line}");
    }
    assert!("pear".parse::<Method>().is_err());
}

#[test]
fn deep_nesting_is_an_error() {
    let line = format!("{{\"previous\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    assert!(calculate_line(Method::Ratio, &line).contains("bad_json"));
}
