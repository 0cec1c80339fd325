//! A table of one workload's figures.

use serde_json::Value;

const ROWS: [&str; 14] = [
    "records_per_s",
    "all_agree_s",
    "wire_bytes_per_record",
    "uncompressed_bytes_per_record",
    "round_trips_per_sync",
    "server_cpu_us_per_record",
    "phones_cpu_us_per_record",
    "peak_rss_mb",
    "disk_bytes_per_record",
    "fresh_download_ms",
    "p50_ms",
    "p99_ms",
    "durable",
    "failed",
];

pub(crate) fn print(entry: &Value) {
    if !entry["workload"].is_null() {
        println!("\n{}", entry["workload"]);
    }
    let Some(results) = entry["results"].as_object() else {
        return;
    };
    print!("{:28}", "");
    for name in results.keys() {
        print!("{name:>18}");
    }
    println!();
    for row in ROWS {
        if results.values().all(|result| result[row].is_null()) {
            continue;
        }
        print!("{row:28}");
        for result in results.values() {
            let text = match &result[row] {
                Value::Number(n) => n.as_f64().map_or_else(String::new, |n| format!("{n:.1}")),
                Value::Null => "–".to_owned(),
                other => other.to_string(),
            };
            print!("{text:>18}");
        }
        println!();
    }
}
