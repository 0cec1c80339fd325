//! Tests of what stands around the routes.

mod access;
mod canary;
mod compression;
mod description;
mod headers;
mod metrics;
mod problems;
mod rates;
mod rights;
mod undo;
mod web;
