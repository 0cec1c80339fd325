//! A small HTTP client that counts bytes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::rt::TokioExecutor;

use crate::counted::{Connector, Traffic};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body, as it was sent.
    pub body: Bytes,
}

impl Answer {
    /// Fails, with what was said, unless it is a success.
    pub fn succeeded(&self) -> Result<()> {
        let said = String::from_utf8_lossy(&self.body);
        ensure!(self.status.is_success(), "{}: {said}", self.status);
        Ok(())
    }

    /// Fails unless it is this problem.
    pub fn is_problem(&self, status: u16, code: &str) -> Result<()> {
        let said = String::from_utf8_lossy(&self.body);
        ensure!(self.status == status, "{}: {said}", self.status);
        ensure!(self.json()?["code"] == code, "{said}");
        Ok(())
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_slice(&self.body).context("the body is no JSON")
    }
}

/// A client of one server; clones share its connections.
#[derive(Debug, Clone)]
pub struct Client {
    hyper: Hyper<Connector, Full<Bytes>>,
    traffic: Arc<Traffic>,
    base: String,
}

impl Client {
    /// A client of the server at `base`, e.g. `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Self {
        let traffic = Arc::new(Traffic::default());
        let connector = Connector::new(Arc::clone(&traffic));
        Self {
            hyper: Hyper::builder(TokioExecutor::new()).build(connector),
            traffic,
            base: base.to_owned(),
        }
    }

    /// Bytes sent and received so far over all connections, headers included.
    pub fn traffic(&self) -> (u64, u64) {
        (
            self.traffic.up.load(Ordering::Relaxed),
            self.traffic.down.load(Ordering::Relaxed),
        )
    }

    /// Sends one request and reads its whole answer, if that comes within a minute.
    ///
    /// Without a limit it may wait for ever when the server dies: a request given to
    /// its connection in the instant in which that ends stays in the connection's
    /// queue, which nobody reads any more and which the waiting request itself keeps.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let answer = self.answer(method, path, headers, body.into());
        tokio::time::timeout(PATIENCE, answer)
            .await
            .with_context(|| format!("no answer to {path} within {PATIENCE:?}"))?
    }

    async fn answer(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.hyper.request(request.body(Full::new(body))?).await?;
        let (parts, body) = answer.into_parts();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await?.to_bytes(),
        })
    }
}
