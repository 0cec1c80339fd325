//! The web app's files: precompressed, cached as their names allow, with
//! `index.html` for the app's own addresses.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

use super::Problem;

/// A directory that holds the built web app.
#[derive(Debug, Clone)]
pub struct WebApp {
    files: ServeDir,
}

/// Why a directory cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no web app in {0}: it holds no index.html. Build it with: cargo xtask web")]
pub struct WebAppError(PathBuf);

impl WebApp {
    /// Serves what a build of the web app made.
    pub fn open(directory: &Path) -> Result<Self, WebAppError> {
        if !directory.join("index.html").is_file() {
            return Err(WebAppError(directory.to_owned()));
        }
        Ok(Self {
            files: ServeDir::new(directory)
                .precompressed_br()
                .precompressed_gzip()
                .append_index_html_on_directories(false)
                .ignore_multi_range_requests(true),
        })
    }

    /// Answers a request for a file or one of the app's own addresses.
    pub async fn answer(&self, mut request: Request<Body>) -> Response {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "Pages can only be read.",
            )
            .into_response();
        }
        let page = is_page(request.uri().path());
        let cache = if page {
            "no-cache"
        } else {
            cache_of(request.uri().path())
        };
        if page {
            *request.uri_mut() = Uri::from_static("/index.html");
        }
        let mut response = match self.files.clone().try_call(request).await {
            Ok(response) => response.map(Body::new),
            Err(error) if is_nothing(&error) => return Problem::not_found().into_response(),
            Err(error) => {
                tracing::error!(%error, "a file of the web app cannot be read");
                return Problem::internal().into_response();
            }
        };
        match response.status() {
            StatusCode::NOT_FOUND => Problem::not_found().into_response(),
            status => {
                if status.is_success() || status == StatusCode::NOT_MODIFIED {
                    response
                        .headers_mut()
                        .insert(CACHE_CONTROL, HeaderValue::from_static(cache));
                }
                response
            }
        }
    }
}

/// Checks whether the error means that there is no such file.
fn is_nothing(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidInput
            | ErrorKind::InvalidFilename
    )
}

/// The app's addresses (`/`, `/samordning`, `/synpunkter/ny` …) have no dot;
/// files have one.
fn is_page(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_none_or(|last| !last.contains('.'))
}

/// Files under `/assets/` carry a hash of their content in their names. Others,
/// the service worker above all, must be asked for each time.
fn cache_of(path: &str) -> &'static str {
    if path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_files() {
        for page in ["/", "/samordning", "/synpunkter/ny", "/samordning/"] {
            assert!(is_page(page), "{page}");
        }
        for file in ["/sw.js", "/assets/index-abc123.js", "/manifest.webmanifest"] {
            assert!(!is_page(file), "{file}");
        }
        assert!(cache_of("/assets/a-1.js").contains("immutable"));
        assert_eq!(cache_of("/sw.js"), "no-cache");
    }

    #[test]
    fn an_empty_directory_is_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let error = WebApp::open(directory.path()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&directory.path().display().to_string())
        );
    }
}
