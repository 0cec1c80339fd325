//! Tests of what stands around the routes.

mod access;
mod canary;
mod compression;
mod description;
mod headers;
mod problems;
mod rates;
mod web;
