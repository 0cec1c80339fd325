//! The socket: connections in, none of them for ever.
//!
//! Our own loop, since axum's has no limit on how long a connection may stay
//! silent or how many there may be, and phones that walk out of reach leave
//! theirs open.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::door::{Doorkeeper, Stage, Standing};
use super::patient::{Patience, Patient};

/// Rest after a failed accept: the system is out of descriptors.
const REST: Duration = Duration::from_millis(20);
/// Longest head of a request, and most headers in it: browsers send a tenth of it.
const HEAD_BYTES: usize = 32 * 1024;
const HEADERS: usize = 100;

/// How long whoever asks too often waits to hear so, and its connection with it: a flood
/// is as fast as it is answered. Not behind a proxy, whose connections are everybody's.
const RELUCTANCE: Duration = Duration::from_secs(1);

/// Serves until `closing` becomes true; then takes no new connection, lets
/// requests under way end, and gives up on what is left after `drain`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    door: Doorkeeper,
    closing: watch::Receiver<bool>,
    drain: Duration,
) {
    serve_with(listener, router, door, closing, drain, Patience::default()).await;
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    door: Doorkeeper,
    mut closing: watch::Receiver<bool>,
    drain: Duration,
    patience: Patience,
) {
    let graceful = GracefulShutdown::new();
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .max_header_size(HEAD_BYTES)
        .max_headers(HEADERS)
        // Counts from the end of the former request: idling and the head together.
        .header_read_timeout(patience.idle);
    loop {
        let accepted = tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "no connection could be taken");
                door.relieve();
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let Some(standing) = door.enter(peer.ip()) else {
            tracing::debug!("no room for a connection: all are being answered");
            continue;
        };
        // Small answers must not wait for a full packet.
        let _ = stream.set_nodelay(true);
        let stream = Patient::new(stream, Arc::clone(&standing), patience);
        let service = service_fn({
            let (router, standing) = (router.clone(), Arc::clone(&standing));
            move |request| answer(router.clone(), peer, Arc::clone(&standing), request)
        });
        let connection = graceful.watch(protocol.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            tokio::select! {
                // A peer that went away is no news.
                ended = connection => if let Err(error) = ended {
                    tracing::trace!(%error, "a connection ended");
                },
                () = standing.told_to_end() => tracing::trace!("a connection made room"),
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(drain, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still under way");
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    standing: Arc<Standing>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    standing.is_asked();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await?;
    if response.status() == StatusCode::TOO_MANY_REQUESTS && !standing.is_trusted() {
        tokio::time::sleep(RELUCTANCE).await;
    }
    standing.becomes(Stage::Served);
    Ok(response.map(|body| Answer { body, standing }))
}

/// The body of an answer; when it has been handed over, the connection is quiet again.
struct Answer {
    body: Body,
    standing: Arc<Standing>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.standing.becomes(Stage::Quiet);
    }
}

#[cfg(test)]
mod tests;
