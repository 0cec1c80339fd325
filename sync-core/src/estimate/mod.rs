//! The estimate: a pure, deterministic function of read-model rows.
