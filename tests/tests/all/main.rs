//! End to end, without a browser: the real binary, real HTTP, a real database.

mod canary;
mod copied;
mod disk_faults;
mod faults;
mod full;
mod jobs;
mod killed;
mod meeting;
mod power;
mod restored;
mod simulated;
mod team;
