//! End to end, without a browser: the real binary, real HTTP, a real database.

mod meeting;
