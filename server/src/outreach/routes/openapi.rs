//! The description of the API, from the same list that the routes are made of.

use std::sync::OnceLock;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::{
    acts, alerts, devices, documents, draw, enrol, envelope, estimate, events, followup, health,
    history, incoming, invitations, leaflets, map, me, people, periods, places, public, quarantine,
    retention, sessions, sync, team_key, undos, views,
};
use crate::outreach::state::AppState;
use crate::shared::access::Stranger;
use crate::shared::http::etag::Once;
use crate::shared::http::{Problem, require_what_replies_hold};
use crate::shared::principal::SessionCookie;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lägesbild",
        description = "What phones and coordinators' browsers say to the server. Errors are \
            RFC 9457 problems with a stable `code`. Times are RFC 3339 in UTC; a night is \
            noon to noon in Stockholm and bears the date on which it starts. The list after \
            `token` or `session` in an operation's security names the roles that may use it. \
            What changes something by way of a session needs the header `X-Lagesbild: 1`.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2")
    ),
    servers((url = "/api/v1")),
    modifiers(&Doors)
)]
struct Description;

struct Doors;

impl Modify for Doors {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(
            "token",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some("The token that a device got when it enrolled."))
                    .build(),
            ),
        );
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                SessionCookie::NAME,
                "A browser's session, from POST /sessions.",
            ))),
        );
    }
}

/// The API's routes, relative to `/api/v1`, and their description.
pub(super) fn routes() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let (router, mut api) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(enrol::enrol))
        .routes(routes!(enrol::about))
        .routes(routes!(me::me))
        .routes(routes!(sync::sync).layer(sync::body_limit()))
        .routes(routes!(envelope::take).layer(envelope::body_limit()))
        .routes(routes!(sessions::open, sessions::close))
        .routes(routes!(events::events))
        .routes(routes!(invitations::invite))
        .routes(routes!(devices::list))
        .routes(routes!(devices::revoke))
        .routes(routes!(documents::erase))
        .routes(routes!(history::show))
        .routes(routes!(undos::preview, undos::make))
        .routes(routes!(undos::list))
        .routes(routes!(undos::show))
        .routes(routes!(undos::take_back))
        .routes(routes!(acts::list))
        .routes(routes!(acts::confirm))
        .routes(routes!(acts::withdraw))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::acknowledge))
        .routes(routes!(places::proposals))
        .routes(routes!(places::decide))
        .routes(routes!(places::change))
        .routes(routes!(views::list))
        .routes(routes!(views::handle))
        .routes(routes!(followup::show))
        .routes(routes!(leaflets::list))
        .routes(routes!(map::show))
        .routes(routes!(team_key::put))
        .routes(routes!(public::organisations))
        .routes(routes!(public::leave))
        .routes(routes!(public::answer))
        .routes(routes!(quarantine::list))
        .routes(routes!(quarantine::let_in))
        .routes(routes!(quarantine::discard))
        .routes(routes!(incoming::list))
        .routes(routes!(estimate::show))
        .routes(routes!(people::show))
        .routes(routes!(periods::list))
        .routes(routes!(draw::show, draw::make))
        .routes(routes!(retention::go_on))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(self::openapi))
        .split_for_parts();
    require_what_replies_hold(&mut api);
    (router, api)
}

/// The description of the API (`OpenAPI` 3.1).
pub fn document() -> utoipa::openapi::OpenApi {
    routes().1
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "server",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")),
    security(())
)]
async fn openapi(_: Stranger, headers: HeaderMap) -> Result<Response, Problem> {
    static DOCUMENT: OnceLock<Option<Once>> = OnceLock::new();
    let made = DOCUMENT.get_or_init(|| Once::new(&document()));
    made.as_ref()
        .map(|once| once.answer(&headers))
        .ok_or_else(Problem::internal)
}
