//! End to end, without a browser: the real binary, real HTTP, real SQLite.

mod meeting;
