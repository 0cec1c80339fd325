//! The layers around every product's routes.
//!
//! From the outside in: security headers, a line in the log, panics turned into problems,
//! every other refusal turned into a problem, compression, decompression with a cap on what
//! comes out of it, and the handler.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer};

use super::problem::PROBLEM_JSON;
use super::{Problem, RequestFigures, WebApp, headers, log};

/// Largest body of anything but a sync, in bytes after decompression.
const JSON_BYTES: usize = 64 * 1024;
/// A body that takes longer than this to arrive is given up. A megabyte over a
/// bad mobile network takes one minute; with one bar of signal, five.
const BODY_TIME: Duration = Duration::from_mins(5);
/// So is one of which nothing comes for this long.
const BODY_SILENCE: Duration = Duration::from_secs(30);

/// Up to this size, bytes, answers are sent as they are. A packet of a mobile network holds
/// some 1,400, headers take 200.
const SHORT: u64 = 1_200;

/// Puts around routes what stands around all; requests are counted in `figures`.
pub fn around(router: Router, figures: Arc<RequestFigures>) -> Router {
    router
        .layer(DefaultBodyLimit::max(JSON_BYTES))
        .layer(RequestDecompressionLayer::new())
        .layer(RequestBodyTimeoutLayer::new(BODY_SILENCE))
        .layer(RequestBodyDeadlineLayer::new(BODY_TIME))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(from_fn(as_problem))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(figures, log::line))
        .layer(map_response(headers::secure))
}

/// Compresses what tower-http does by default, but nothing that goes into one packet with
/// its headers: it would not come sooner, and what compression says of itself (its name,
/// a body in pieces) takes some sixty bytes.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new().and(SizeAbove::new(SHORT))
}

/// Answers what is no route: with a page or file of the web app, never under `/api`.
pub async fn other(web: Option<WebApp>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::not_found().into_response();
    }
    match web {
        Some(web) => web.answer(request).await,
        None => Problem::not_found().into_response(),
    }
}

/// Turns the refusals of axum and of the layers (a wrong method, an unknown
/// encoding, too large a body) into the form of every other problem.
async fn as_problem(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == PROBLEM_JSON);
    if !is_error || is_problem {
        return response;
    }
    let problem = match status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(
            status,
            "method_not_allowed",
            "This address does not take that method; the header Allow names those it takes.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(
            status,
            "encoding_unknown",
            "Send the body as it is, or compressed with gzip or br.",
        ),
        StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PRECONDITION_FAILED => return response,
        status if status.is_client_error() => Problem::new(
            status,
            "malformed",
            "The request cannot be understood. Check it against /api/v1/openapi.json.",
        ),
        _ => Problem::internal(),
    };
    let allow = response.headers().get(ALLOW).cloned();
    let mut response = problem.into_response();
    if let Some(allow) = allow {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

/// A panic's message may hold content: it goes nowhere.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let mut response = Problem::internal().into_response();
    response.headers_mut().insert(
        axum::http::header::CONNECTION,
        HeaderValue::from_static("close"),
    );
    response
}
