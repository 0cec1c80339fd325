//! The districts' outlines, for the phones' small map. Public: where districts
//! lie is no secret, and places are not on it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};

use crate::app::AppState;
use crate::http::{Problem, ProblemBody, json_once};
use crate::map::DistrictMap;

/// Gives the map. Has an `ETag`.
#[utoipa::path(
    get,
    path = "/map",
    tag = "information",
    responses(
        (status = 200, description = "The map", body = DistrictMap),
        (status = 304, description = "Nothing changed since the `ETag` in `If-None-Match`"),
        (status = 404, description = "`not_found`: none was imported", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn show(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let directory = app.store.directory().to_owned();
    let read = tokio::task::spawn_blocking(move || DistrictMap::read(&directory)).await;
    match read {
        Ok(Ok(Some(map))) => json_once(&headers, &map),
        Ok(Ok(None)) => Problem::not_found().into_response(),
        Ok(Err(error)) => {
            tracing::error!(%error, "the map cannot be read");
            Problem::internal().into_response()
        }
        Err(_) => Problem::internal().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::http::testing::TestApp;
    use crate::map::DistrictMap;

    #[tokio::test]
    async fn anybody_gets_the_one_that_was_imported() {
        let app = TestApp::new().await;
        let none = app.get("/map").send().await;
        none.is_problem(StatusCode::NOT_FOUND, "not_found");
        let demo = include_str!("../../../content/demo-map.geojson");
        let map = DistrictMap::from_geojson(demo).unwrap();
        map.keep(app.state.store.directory()).unwrap();
        let reply = app.get("/map").send().await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json["sample"], true);
        assert_eq!(reply.json["districts"].as_array().unwrap().len(), 11);
    }
}
