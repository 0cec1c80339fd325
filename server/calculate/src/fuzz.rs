//! Lines of every sort: one object out, never a panic, never a NaN.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

const NAMES: [&str; 30] = [
    "n1",
    "n2",
    "m",
    "planted",
    "seen_planted",
    "seen_others",
    "f",
    "distinct",
    "f1",
    "f2",
    "occasions",
    "n_i",
    "caught",
    "recaptured",
    "marked",
    "lists",
    "cells",
    "terms",
    "delta",
    "prior",
    "max_unseen",
    "saturated",
    "previous",
    "current",
    "drawn",
    "strata",
    "observations",
    "rows",
    "best",
    "kind",
];

fn any_number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0_u32..60).prop_map(|v| json!(v)),
        (0_u32..4).prop_map(|v| json!(v)),
        (-5_i64..5).prop_map(|v| json!(v)),
        Just(json!(1e8)),
        Just(json!(1e300)),
        Just(json!(u64::MAX)),
        (0.0..40.0_f64).prop_map(|v| json!(v)),
        Just(Value::Null),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => any_number(),
        1 => any::<bool>().prop_map(Value::from),
        1 => prop_oneof![Just("1/N"), Just("complete"), Just("uniform"), Just("x")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 5, |inner| {
        let key = prop_oneof![
            "[01]{2,4}",
            "[0-9]{1,2}",
            prop::sample::select(vec![
                "a",
                "b",
                "population",
                "n",
                "sum",
                "sum_of_squares",
                "kind",
                "low",
                "best",
                "high",
            ])
            .prop_map(str::to_owned),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_object(
        fields in prop::collection::vec((prop::sample::select(&NAMES[..]), any_value()), 0..9),
    ) {
        let line = Value::Object(
            fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        )
        .to_string();
        for method in Method::ALL {
            let out: Value = serde_json::from_str(&calculate_line(method, &line)).unwrap();
            prop_assert!(out.is_object());
        }
    }

    /// Well-formed figures of every size: intervals are in order.
    #[test]
    fn any_figures(
        n1 in 0_u64..=100_000_000,
        n2 in 0_u64..=100_000_000,
        m in 0_u64..=100_000_000,
        cells in prop::collection::vec(prop_oneof![0_u64..3, 0_u64..200, Just(100_000_000)], 7),
    ) {
        let keys = ["100", "010", "110", "001", "101", "011", "111"];
        let cells: Map<_, _> =
            keys.iter().zip(cells).map(|(&key, n)| (key.to_owned(), json!(n))).collect();
        let lines = [
            (Method::Pair, json!({"n1": n1, "n2": n2, "m": m})),
            (Method::Frequencies, json!({"distinct": n1, "f1": n2, "f2": m})),
            (Method::Lists, json!({"lists": 3, "cells": cells, "terms": [[0, 1]]})),
            (Method::Occasions, json!({
                "caught": [n1, n2, n1], "recaptured": [0, m, 0], "marked": [0, n1, n2],
            })),
        ];
        for (method, line) in lines {
            let out: Value =
                serde_json::from_str(&calculate_line(method, &line.to_string())).unwrap();
            for interval in out.as_object().unwrap().values().filter_map(Value::as_array) {
                if let [Value::Number(low), Value::Number(high)] = &interval[..] {
                    prop_assert!(low.as_f64() <= high.as_f64(), "{line} {out}");
                }
            }
        }
    }
}
