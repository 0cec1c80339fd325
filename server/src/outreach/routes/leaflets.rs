//! Leaflets for visitors. Public: they are handed to anybody.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use crate::outreach::leaflets::Leaflet;
use crate::outreach::state::AppState;
use crate::shared::access::Stranger;
use crate::shared::http::json_once;

/// Every leaflet, by topic and language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Leaflets<'a> {
    /// The leaflets.
    leaflets: &'a [Leaflet],
}

/// Gives every leaflet. Has an `ETag`.
#[utoipa::path(
    get,
    path = "/leaflets",
    tag = "information",
    responses(
        (status = 200, description = "Every leaflet", body = Leaflets),
        (status = 304, description = "Nothing changed since the `ETag` in `If-None-Match`"),
    ),
    security(())
)]
pub(crate) async fn list(State(app): State<AppState>, _: Stranger, headers: HeaderMap) -> Response {
    let leaflets = &app.leaflets;
    json_once(&headers, &Leaflets { leaflets })
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::outreach::routes::testing::TestApp;

    #[tokio::test]
    async fn anybody_may_read_them_in_four_languages() {
        let app = TestApp::new().await;
        let reply = app.get("/leaflets").send().await;
        assert_eq!(reply.status, StatusCode::OK);
        let leaflets = reply.json["leaflets"].as_array().unwrap();
        assert_eq!(leaflets.len(), 12);
        assert_eq!(leaflets[0]["topic"], "rights");
        assert_eq!(leaflets[0]["sample"], true);
        let tag = reply.headers["etag"].to_str().unwrap();
        let again = app
            .get("/leaflets")
            .header("if-none-match", tag)
            .send()
            .await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    }
}
