//! The districts' outlines, for the phones' small map. Public: where districts
//! lie is no secret, and places are not on it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::app::AppState;
use crate::http::address::Stranger;
use crate::http::etag::Once;
use crate::http::{Problem, ProblemBody};
use crate::map::{DistrictMap, MapError};

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

/// What a file looks like from outside: when it was changed, and its length.
type Look = (SystemTime, u64);

/// The map as it was read last, for as long as its file looks the same.
#[derive(Debug, Default)]
pub(crate) struct MapCache(Mutex<Option<(Look, Once)>>);

impl MapCache {
    fn read(&self, directory: &Path) -> Result<Option<Once>, MapError> {
        // One reads, the others wait for what it read.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(look) = DistrictMap::look(directory)? else {
            *kept = None;
            return Ok(None);
        };
        if let Some((before, once)) = &*kept
            && *before == look
        {
            return Ok(Some(once.clone()));
        }
        *kept = DistrictMap::read(directory)?
            .and_then(|map| Once::new(&map))
            .map(|once| (look, once));
        Ok(kept.as_ref().map(|(_, once)| once.clone()))
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
        let tag = reply.headers["etag"].to_str().unwrap().to_owned();
        let again = app.get("/map").header("if-none-match", &tag).send().await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);

        // Another one takes its place at once.
        let other = demo.replace("\"sample\":true", "\"sample\":false");
        assert_ne!(other, demo);
        let map = DistrictMap::from_geojson(&other).unwrap();
        map.keep(app.state.store.directory()).unwrap();
        let reply = app.get("/map").header("if-none-match", &tag).send().await;
        assert_eq!(reply.json["sample"], false);
    }

    #[tokio::test]
    async fn a_stranger_cannot_ask_for_ever() {
        let app = TestApp::new().await;
        let most = app.state.config.rates.public.burst.get();
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
