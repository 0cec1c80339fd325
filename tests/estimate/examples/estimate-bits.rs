//! Prints every figure of the estimate to its last bit, as the wasm module does
//! in the app's tests: `estimate-bits CASES.json`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let path = std::env::args_os().nth(1).unwrap_or_default();
    let cases = std::fs::read_to_string(path)?;
    let lines = estimate_studies::bits::lines(&cases);
    std::io::stdout().lock().write_all(lines.as_bytes())
}
