//! Bad input, method by method: each line gives a coded error or a refusal, never
//! a panic, never a number that looks fine.

use serde_json::Value;

use super::*;

/// What a line must give.
#[derive(Clone, Copy, Debug)]
enum Gives {
    /// `{"error":{"code", …}}`.
    Error(&'static str),
    /// Figures, with a refusal whose codes hold this one.
    Refusal(&'static str),
    /// An answer that is right as it is: named here so that it is on purpose.
    Answer,
}

use Gives::{Answer, Error, Refusal};

fn check(method: Method, line: &str, gives: Gives) {
    let shown: String = line.chars().take(120).collect();
    let text = calculate_line(method, line);
    let out: Value = serde_json::from_str(&text).unwrap();
    let code = out["error"]["code"].as_str();
    let refusal = out["refusal"]["codes"].to_string();
    let ok = match gives {
        Error(wanted) => code == Some(wanted),
        Refusal(wanted) => code.is_none() && refusal.contains(wanted),
        Answer => code.is_none(),
    };
    assert!(ok, "{} {shown}: {gives:?}, not {text:.300}", method.name());
    assert!(
        !text.contains("NaN") && !text.contains("inf"),
        "{shown}: {text}"
    );
}

/// What holds for a line whatever the method.
#[test]
fn no_method_takes_what_is_no_object_of_its_own() {
    for method in Method::ALL {
        for (line, code) in [
            ("", "bad_json"),
            ("{", "bad_json"),
            ("NaN", "bad_json"),
            ("{\"n1\":Infinity}", "bad_json"),
            ("[]", "not_an_object"),
            ("17", "not_an_object"),
            ("null", "not_an_object"),
            ("{}", "missing_field"),
            ("{\"unheard_of\":1}", "missing_field"),
        ] {
            check(method, line, Error(code));
        }
    }
}

#[test]
fn pair() {
    for (line, gives) in [
        (r#"{"n1":-1,"n2":20,"m":7}"#, Error("negative")),
        (r#"{"n1":20.5,"n2":20,"m":7}"#, Error("not_integer")),
        (r#"{"n1":20,"n2":20,"m":"7"}"#, Error("wrong_type")),
        (r#"{"n1":20,"n2":20,"m":null}"#, Error("missing_field")),
        (r#"{"n1":20,"n2":20}"#, Error("missing_field")),
        (r#"{"n1":20,"n2":20,"m":21}"#, Error("inconsistent")),
        (r#"{"n1":1000000000,"n2":20,"m":7}"#, Error("too_large")),
        (r#"{"n1":1e300,"n2":20,"m":7}"#, Error("too_large")),
        (r#"{"n1":0,"n2":0,"m":0}"#, Error("empty")),
        (r#"{"n1":40,"n2":35,"m":6}"#, Refusal("overlap_too_small")),
        (r#"{"n1":19,"n2":35,"m":8}"#, Refusal("list_too_short")),
    ] {
        check(Method::Pair, line, gives);
    }
}

#[test]
fn plants() {
    for (line, gives) in [
        (
            r#"{"planted":-20,"seen_planted":15,"seen_others":100}"#,
            Error("negative"),
        ),
        (
            r#"{"planted":20,"seen_planted":1.5,"seen_others":100}"#,
            Error("not_integer"),
        ),
        (
            r#"{"planted":20,"seen_planted":21,"seen_others":100}"#,
            Error("inconsistent"),
        ),
        (
            r#"{"planted":20,"seen_planted":15,"seen_others":1e9}"#,
            Error("too_large"),
        ),
        (
            r#"{"planted":20,"seen_planted":15}"#,
            Error("missing_field"),
        ),
        (
            r#"{"planted":20,"seen_planted":15,"seen_others":"many"}"#,
            Error("wrong_type"),
        ),
    ] {
        check(Method::Plants, line, gives);
    }
}

#[test]
fn frequencies() {
    for (line, gives) in [
        (r#"{"f":{"1":-43}}"#, Error("negative")),
        (r#"{"f":{"1":4.5}}"#, Error("not_integer")),
        (r#"{"f":{"x":4}}"#, Error("wrong_type")),
        (r#"{"f":[1,2]}"#, Error("wrong_type")),
        (r#"{"f":{}}"#, Error("empty")),
        (r#"{"f":{"1":0}}"#, Error("empty")),
        (r#"{"f":{"1":1000000000}}"#, Error("too_large")),
        (r#"{"distinct":10,"f1":9,"f2":9}"#, Error("inconsistent")),
        (r#"{"f":{"1":43,"2":4}}"#, Refusal("too_few_met_twice")),
        (r#"{"f":{"1":43}}"#, Refusal("too_few_met_twice")),
        (
            r#"{"f":{"1":43,"9":6},"occasions":5}"#,
            Error("inconsistent"),
        ),
    ] {
        check(Method::Frequencies, line, gives);
    }
}

#[test]
fn occasions() {
    for (line, gives) in [
        (
            r#"{"caught":[5],"recaptured":[0,1],"marked":[0,5]}"#,
            Error("mismatch"),
        ),
        (
            r#"{"caught":[],"recaptured":[],"marked":[]}"#,
            Error("empty"),
        ),
        (
            r#"{"caught":[5,-5],"recaptured":[0,1],"marked":[0,5]}"#,
            Error("negative"),
        ),
        (
            r#"{"caught":[5,5.5],"recaptured":[0,1],"marked":[0,5]}"#,
            Error("not_integer"),
        ),
        (
            r#"{"caught":[5,5],"recaptured":[0,6],"marked":[0,5]}"#,
            Error("inconsistent"),
        ),
        (
            r#"{"caught":[5,1e9],"recaptured":[0,1],"marked":[0,5]}"#,
            Error("too_large"),
        ),
        (
            r#"{"caught":5,"recaptured":0,"marked":0}"#,
            Error("wrong_type"),
        ),
    ] {
        check(Method::Occasions, line, gives);
    }
}

#[test]
fn lists() {
    for (line, gives) in [
        (r#"{"lists":3,"cells":{"11":5}}"#, Error("mismatch")),
        (r#"{"lists":3,"cells":{"11x":5}}"#, Error("mismatch")),
        (r#"{"lists":3,"cells":{"000":5}}"#, Error("inconsistent")),
        (r#"{"lists":3,"cells":{"110":-5}}"#, Error("negative")),
        (r#"{"lists":3,"cells":{"110":5.5}}"#, Error("not_integer")),
        (
            r#"{"lists":3,"cells":{"110":1000000000}}"#,
            Error("too_large"),
        ),
        (r#"{"lists":3,"cells":[5]}"#, Error("wrong_type")),
        (r#"{"lists":40,"cells":{"110":5}}"#, Error("wrong_type")),
        (
            r#"{"lists":3,"cells":{"110":5},"terms":[[0,7]]}"#,
            Error("mismatch"),
        ),
        (r#"{"lists":3,"cells":{}}"#, Error("empty")),
        (r#"{"lists":3,"cells":{"110":0}}"#, Error("empty")),
        (
            r#"{"lists":3,"cells":{"100":60,"010":50,"001":40,"110":9}}"#,
            Refusal("empty_overlap"),
        ),
    ] {
        check(Method::Lists, line, gives);
    }
}

#[test]
fn average() {
    let hav =
        r#""lists":3,"cells":{"111":28,"110":21,"101":17,"011":18,"100":69,"010":55,"001":63}"#;
    for (extra, gives) in [
        (r#","delta":-1"#, Error("negative")),
        (r#","delta":0"#, Error("wrong_type")),
        (r#","delta":"x""#, Error("wrong_type")),
        (r#","prior":"guess""#, Error("wrong_type")),
        (r#","max_unseen":1000000000"#, Error("too_large")),
        (r#","max_unseen":1.5"#, Error("not_integer")),
        (r#","max_unseen":-1"#, Error("negative")),
        (r#","saturated":1"#, Error("wrong_type")),
        ("", Refusal("models_disagree")),
        (r#","saturated":true"#, Refusal("saturated_weight")),
    ] {
        check(Method::Average, &format!("{{{hav}{extra}}}"), gives);
    }
    for (line, gives) in [
        (r#"{"lists":3,"cells":{}}"#, Error("empty")),
        (r#"{"lists":6,"cells":{"111111":5}}"#, Error("wrong_type")),
        (r#"{"lists":3,"cells":{"1111":5}}"#, Error("mismatch")),
        (r#"{"lists":3,"cells":{"111":1e9}}"#, Error("too_large")),
    ] {
        check(Method::Average, line, gives);
    }
}

#[test]
fn ratio() {
    for (line, gives) in [
        (r#"{"previous":[1,2],"current":[1]}"#, Error("mismatch")),
        (
            r#"{"previous":[1,2],"current":[1,2],"drawn":[true]}"#,
            Error("mismatch"),
        ),
        (r#"{"previous":[],"current":[]}"#, Error("empty")),
        (r#"{"previous":[-1],"current":[1]}"#, Error("negative")),
        (r#"{"previous":[5],"current":[-1]}"#, Error("negative")),
        (
            r#"{"previous":[5],"current":[1000000000]}"#,
            Error("too_large"),
        ),
        (r#"{"previous":[1e308],"current":[1]}"#, Error("too_large")),
        (r#"{"previous":[5],"current":[true]}"#, Error("wrong_type")),
        // One place, seen or unseen.
        (
            r#"{"previous":[5],"current":[null]}"#,
            Refusal("too_few_drawn"),
        ),
        (
            r#"{"previous":[5,5],"current":[4,null]}"#,
            Refusal("too_few_drawn"),
        ),
        (
            r#"{"previous":[0,0,0,0],"current":[4,4,4,null]}"#,
            Refusal(""),
        ),
    ] {
        check(Method::Ratio, line, gives);
    }
    // A single place that was counted is what it was counted as.
    check(Method::Ratio, r#"{"previous":[5],"current":[4]}"#, Answer);
}

#[test]
fn strata() {
    for (line, gives) in [
        (r#"{"strata":[]}"#, Error("empty")),
        (r#"{"strata":5}"#, Error("wrong_type")),
        (r#"{"strata":[5]}"#, Error("wrong_type")),
        (
            r#"{"strata":[{"population":10,"n":4,"sum":12}]}"#,
            Error("missing_field"),
        ),
        (
            r#"{"strata":[{"population":-10,"n":4,"sum":12,"sum_of_squares":46}]}"#,
            Error("negative"),
        ),
        (
            r#"{"strata":[{"population":3,"n":4,"sum":12,"sum_of_squares":46}]}"#,
            Error("inconsistent"),
        ),
        // Σx² below (Σx)²/n cannot be.
        (
            r#"{"strata":[{"population":10,"n":4,"sum":12,"sum_of_squares":3}]}"#,
            Error("inconsistent"),
        ),
        (
            r#"{"strata":[{"population":1e12,"n":4,"sum":12,"sum_of_squares":46}]}"#,
            Error("too_large"),
        ),
        (
            r#"{"strata":[{"population":10,"n":0,"sum":0,"sum_of_squares":0}]}"#,
            Refusal("too_few_drawn"),
        ),
    ] {
        check(Method::Strata, line, gives);
    }
}

#[test]
fn place() {
    for (line, gives) in [
        (r#"{"observations":[]}"#, Error("empty")),
        (
            r#"{"observations":[{"kind":"guessed","best":5}]}"#,
            Error("wrong_type"),
        ),
        (
            r#"{"observations":[{"kind":"complete"}]}"#,
            Error("missing_field"),
        ),
        (
            r#"{"observations":[{"kind":"complete","best":-5}]}"#,
            Error("negative"),
        ),
        (
            r#"{"observations":[{"kind":"complete","best":5.5}]}"#,
            Error("not_integer"),
        ),
        (
            r#"{"observations":[{"kind":"complete","best":1000000000}]}"#,
            Error("too_large"),
        ),
        (
            r#"{"observations":[{"kind":"complete","low":6,"best":5,"high":4}]}"#,
            Error("inconsistent"),
        ),
    ] {
        check(Method::Place, line, gives);
    }
}

#[test]
fn disclose() {
    for (line, gives) in [
        (r#"{"rows":[]}"#, Error("empty")),
        (r#"{"rows":[[]]}"#, Answer),
        (r#"{"rows":[[1,2],[3]]}"#, Answer),
        (r#"{"rows":[[1,-2]]}"#, Error("negative")),
        (r#"{"rows":[[1,2.5]]}"#, Error("not_integer")),
        (r#"{"rows":[["a"]]}"#, Error("wrong_type")),
        (r#"{"rows":5}"#, Error("wrong_type")),
        (r#"{"rows":[[1000000000]]}"#, Error("too_large")),
    ] {
        check(Method::Disclose, line, gives);
    }
}

/// Very many rows: an answer or a coded error. (A hundred thousand, since tests
/// are not optimised.)
#[test]
fn very_many_rows() {
    let many = |item: &str| vec![item; 100_000].join(",");
    let lines = [
        (
            Method::Pair,
            format!(r#"{{"n1":[{}],"n2":2,"m":1}}"#, many("1")),
        ),
        (Method::Plants, format!(r#"{{"planted":[{}]}}"#, many("1"))),
        (
            Method::Frequencies,
            format!(
                r#"{{"distinct":9,"f1":2,"f2":2,"occasions":3,"n_i":[{}]}}"#,
                many("1")
            ),
        ),
        (
            Method::Occasions,
            format!(
                r#"{{"caught":[{0}],"recaptured":[{0}],"marked":[{0}]}}"#,
                many("1")
            ),
        ),
        (
            Method::Lists,
            format!(
                r#"{{"lists":3,"cells":{{"110":5}},"terms":[{}]}}"#,
                many("[0,1]")
            ),
        ),
        (
            Method::Average,
            format!(r#"{{"lists":3,"cells":[{}]}}"#, many("1")),
        ),
        (
            Method::Ratio,
            format!(r#"{{"previous":[{0}],"current":[{0}]}}"#, many("1")),
        ),
        (
            Method::Strata,
            format!(
                r#"{{"strata":[{}]}}"#,
                many(r#"{"population":2,"n":2,"sum":2,"sum_of_squares":2}"#)
            ),
        ),
        (
            Method::Place,
            format!(
                r#"{{"observations":[{}]}}"#,
                many(r#"{"kind":"complete","best":1}"#)
            ),
        ),
        (Method::Disclose, format!(r#"{{"rows":[{}]}}"#, many("[7]"))),
    ];
    for (method, line) in lines {
        let out: Value = serde_json::from_str(&calculate_line(method, &line)).unwrap();
        assert!(out.is_object(), "{}", method.name());
    }
}

#[test]
fn a_misspelt_field_is_named_and_not_passed_over() {
    for (method, line, field) in [
        (
            "ratio",
            r#"{"previous":[1,2],"current":[1,2],"dranw":[true,true]}"#,
            "dranw",
        ),
        ("pair", r#"{"n1":3,"n2":4,"m":2,"M":2}"#, "M"),
        ("pair", r#"{"n1":3,"n2":4,"mm":2}"#, "mm"),
        ("frequencies", r#"{"f":{"1":3},"ocasions":4}"#, "ocasions"),
        (
            "occasions",
            r#"{"caught":[2],"recaptured":[0],"marked":[0],"n":1}"#,
            "n",
        ),
        ("lists", r#"{"lists":2,"cells":{"11":3},"term":[]}"#, "term"),
        (
            "average",
            r#"{"lists":3,"cells":{"111":3},"prior":{"a":1,"b":1,"c":1}}"#,
            "c",
        ),
        (
            "strata",
            r#"{"strata":[{"population":3,"n":2,"sum":1,"sum_of_squares":1,"N":3}]}"#,
            "N",
        ),
        (
            "place",
            r#"{"observations":[{"kind":"complete","best":3,"hihg":5}]}"#,
            "hihg",
        ),
        (
            "plants",
            r#"{"planted":3,"seen_planted":2,"seen_others":4,"seen":1}"#,
            "seen",
        ),
        ("disclose", r#"{"rows":[[1]],"columns":[]}"#, "columns"),
    ] {
        let out = calculate_line(method.parse().unwrap(), line);
        let out: Value = serde_json::from_str(&out).unwrap();
        let detail = out["error"]["detail"].as_str().unwrap_or_default();
        assert!(
            detail.contains(&format!("{field:?}")),
            "{method} {line}: {out}"
        );
    }
}

#[test]
fn a_name_that_stands_twice_is_named() {
    for (method, line, field) in [
        ("pair", r#"{"n1":3,"n2":4,"m":2,"m":1}"#, "m"),
        ("frequencies", r#"{"f":{"1":3,"1":4}}"#, "1"),
        ("lists", r#"{"lists":2,"cells":{"11":3,"11":4}}"#, "11"),
        (
            "place",
            r#"{"observations":[{"kind":"complete","best":3,"best":5}]}"#,
            "best",
        ),
    ] {
        let out = calculate_line(method.parse().unwrap(), line);
        let out: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(out["error"]["code"], "bad_json", "{out}");
        let detail = out["error"]["detail"].as_str().unwrap_or_default();
        assert!(
            detail.contains(&format!("{field:?} stands twice")),
            "{detail}"
        );
        assert!(detail.contains("column"), "{detail}");
    }
}
