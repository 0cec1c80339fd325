//! Attempts of a dishonest phone, and what must hold whatever it sends.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test cannot do fails it"
)]

mod city;
mod faults;
mod histories;
mod like;
mod worst;
