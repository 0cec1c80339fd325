//! What the end-to-end tests and the benchmarks share: the real binary as a
//! process, and phones that run `sync-core`'s replica over real HTTP.

pub mod client;
pub mod phone;
pub mod sample;
pub mod server;
