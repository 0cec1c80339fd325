//! The cost of judging an honest record: the gate with and without the sender's right to
//! say it, in turns.

use std::hint::black_box;
use std::time::Instant as Clock;

use anyhow::{Context, Result};
use lagesbild_tests::sample;
use serde_json::{Value, json};
use sync_core::authority::{Actor, Window};
use sync_core::document::Document;
use sync_core::gate::Gate;
use sync_core::ids::{DeviceId, DocumentId, RecordId, SessionId, actor};
use sync_core::model::Kind;
use sync_core::time::Instant;

const NOW: Instant = Instant(1_717_437_600_000);
const DEVICE: DeviceId = DeviceId::from_bytes([1; 8]);
/// Visits with a count each, a turn.
const RECORDS: u32 = 2_000;
const TURNS: usize = 15;

/// Microseconds a record, medians over turns.
pub(crate) fn measure() -> Result<Value> {
    let changes = (0..RECORDS)
        .map(|n| made(n.into()))
        .collect::<Result<Vec<_>>>()?;
    let mut worker = Actor::worker(DEVICE);
    worker.window = Some(Window::around(NOW));
    let (mut judged, mut unjudged) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        unjudged.push(turn(&changes, None)?);
        judged.push(turn(&changes, Some(&worker))?);
    }
    let differences = judged.iter().zip(&unjudged).map(|(j, u)| j - u);
    let mut differences: Vec<f64> = differences.collect();
    Ok(json!({
        "records": RECORDS,
        "judged_us": median(&mut judged),
        "unjudged_us": median(&mut unjudged),
        "authority_us": median(&mut differences),
    }))
}

/// The change that makes a visit with a count.
fn made(n: u64) -> Result<Vec<u8>> {
    let by = actor(DEVICE, SessionId::from_bytes(n.to_be_bytes()));
    let record = RecordId::from_bytes(n.to_be_bytes());
    let count = sample::count(DEVICE, NOW, 3);
    let content = sample::visit(DocumentId::from_bytes([7; 16]), record, count);
    let (_, change) = Document::create(by, &content, NOW)?;
    Ok(change.bytes)
}

/// Lets each change in as a document of its own; microseconds a record.
fn turn(changes: &[Vec<u8>], author: Option<&Actor<'_>>) -> Result<f64> {
    let gate = Gate::default();
    let begun = Clock::now();
    for bytes in changes {
        let admission = gate.admit(Kind::Visit, None, &[bytes.as_slice()], author, NOW);
        let none = admission.rejected.is_none().then_some(());
        none.context("an honest record was refused")?;
        black_box(admission);
    }
    Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(RECORDS))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    (values[values.len() / 2] * 100.0).round() / 100.0
}
