//! Figures of requests. No label holds an id, a name, or an address as it was
//! asked for.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u32,
}

/// Requests by method, route and status, and the time they took.
#[derive(Debug)]
pub struct RequestFigures {
    requests: Family<Answered, Counter>,
    request_seconds: Histogram,
}

impl Default for RequestFigures {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            request_seconds: Histogram::new(exponential_buckets(0.001, 2.0, 14)),
        }
    }
}

impl RequestFigures {
    /// Adds the figures to those that are shown.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("requests", "Requests answered", self.requests.clone());
        registry.register_with_unit(
            "request",
            "Time until a request was answered",
            Unit::Seconds,
            self.request_seconds.clone(),
        );
    }

    /// Notes an answer. `route` is the pattern that matched.
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        self.requests
            .get_or_create(&Answered {
                method: known(method),
                route: route.to_owned(),
                status: status.as_u16().into(),
            })
            .inc();
        self.request_seconds.observe(took.as_secs_f64());
    }
}

/// Anybody may send a method of their own: each would be a figure of its own.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
