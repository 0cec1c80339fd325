//! Puts the product's routes together.

use axum::Router;
use axum::extract::Request;
use axum::routing::get;

use super::{health, openapi, security_txt};
use crate::outreach::state::AppState;
use crate::shared::http::{WebApp, around, other};

/// The prefix of the product's routes.
pub(crate) const API: &str = "/api/v1";

/// The whole server as one service: the API, and the web app when there is one.
pub fn router(app: AppState, web: Option<WebApp>) -> Router {
    let (api, _) = openapi::routes();
    let figures = app.metrics.requests();
    let router = Router::new()
        .nest(API, api)
        .merge(health::at_root())
        .route(security_txt::PATH, get(security_txt::show))
        .fallback(move |request: Request| other(web, request))
        .with_state(app);
    #[cfg(test)]
    let router = router.route("/api/v1/panic", get(super::testing::panics));
    around(router, figures)
}
