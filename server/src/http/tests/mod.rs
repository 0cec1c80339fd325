//! Tests of what stands around the routes.

mod access;
mod compression;
mod description;
mod headers;
mod problems;
mod web;
