//! End to end, without a browser: the real binary, real HTTP, a real database.

mod killed;
mod meeting;
mod power;
mod restored;
mod simulated;
mod team;
mod troubled;
