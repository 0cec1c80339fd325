//! The districts' outlines, for the phones' small map. Public: where districts
//! lie is no secret, and places are not on it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::outreach::map::DistrictMap;
use crate::outreach::state::AppState;
use crate::shared::access::Stranger;
use crate::shared::http::{Problem, ProblemBody};

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
pub(crate) async fn show(
    State(app): State<AppState>,
    _: Stranger,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let directory = app.store.directory().to_owned();
    let cache = Arc::clone(&app.map);
    let read = tokio::task::spawn_blocking(move || cache.read(&directory)).await;
    match read {
        Ok(Ok(Some(map))) => Ok(map.answer(&headers)),
        Ok(Ok(None)) => Err(Problem::not_found()),
        Ok(Err(error)) => {
            tracing::error!(%error, "the map cannot be read");
            Err(Problem::internal())
        }
        Err(_) => Err(Problem::internal()),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::outreach::map::DistrictMap;
    use crate::outreach::routes::testing::TestApp;

    #[tokio::test]
    async fn anybody_gets_the_one_that_was_imported() {
        let app = TestApp::new().await;
        let none = app.get("/map").send().await;
        none.is_problem(StatusCode::NOT_FOUND, "not_found");
        let demo = include_str!("../../../content/demo-map.geojson");
        let map = DistrictMap::from_geojson(demo, &app.state.base.config)
            .unwrap()
            .0;
        map.keep(app.state.store.directory()).unwrap();
        let reply = app.get("/map").send().await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json["sample"], true);
        assert_eq!(reply.json["districts"].as_array().unwrap().len(), 11);
        let tag = reply.headers["etag"].to_str().unwrap().to_owned();
        let again = app.get("/map").header("if-none-match", &tag).send().await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);

        // Another one takes its place at once.
        let other = demo.replace("\"sample\":true", "\"sample\":false");
        assert_ne!(other, demo);
        let map = DistrictMap::from_geojson(&other, &app.state.base.config)
            .unwrap()
            .0;
        map.keep(app.state.store.directory()).unwrap();
        let reply = app.get("/map").header("if-none-match", &tag).send().await;
        assert_eq!(reply.json["sample"], false);
    }

    #[tokio::test]
    async fn a_stranger_cannot_ask_for_ever() {
        let app = TestApp::new().await;
        let most = app.state.base.config.rates.public.burst.get();
        for path in [
            "/map",
            "/leaflets",
            "/openapi.json",
            "/public/organisations",
        ] {
            let reply = app.get(path).send().await;
            assert_ne!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        }
        for _ in 4..most {
            app.get("/map").send().await;
        }
        for path in [
            "/map",
            "/leaflets",
            "/openapi.json",
            "/public/organisations",
        ] {
            let reply = app.get(path).send().await;
            reply.is_problem(StatusCode::TOO_MANY_REQUESTS, "too_many");
        }
    }
}
