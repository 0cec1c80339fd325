//! The socket: connections in, none of them for ever.
//!
//! Our own loop, since axum's has no limit on how long a connection may stay
//! silent or how many there may be, and phones that walk out of reach leave
//! theirs open.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

/// How long a connection may take to send the head of its next request; also
/// how long it may idle between two.
const SILENCE: Duration = Duration::from_secs(75);
/// Most connections at once. Further ones wait in the system's queue.
const MOST: usize = 4_000;
/// Rest after a failed accept: the system is out of descriptors.
const REST: Duration = Duration::from_millis(200);

/// Serves until `closing` becomes true; then takes no new connection, lets
/// requests under way end, and gives up on what is left after `drain`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    closing: watch::Receiver<bool>,
    drain: Duration,
) {
    serve_with(listener, router, closing, drain, SILENCE).await;
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    mut closing: watch::Receiver<bool>,
    drain: Duration,
    silence: Duration,
) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST));
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(silence);
    loop {
        let accepted = tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "no connection could be taken");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        // Small answers must not wait for a full packet.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request| answer(router.clone(), peer, request));
        let connection = graceful.watch(protocol.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A peer that went away is no news.
            if let Err(error) = connection.await {
                tracing::trace!(%error, "a connection ended");
            }
            drop(place);
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

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> std::io::Result<(
    tokio::net::TcpStream,
    SocketAddr,
    tokio::sync::OwnedSemaphorePermit,
)> {
    let place = Arc::clone(room)
        .acquire_owned()
        .await
        .map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use crate::auth::Role;
    use crate::http::testing::TestApp;

    /// Serves on a free port, with little patience.
    async fn started(app: &TestApp) -> (SocketAddr, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = serve_with(
            listener,
            app.router.clone(),
            app.state.closing.clone(),
            Duration::from_millis(500),
            Duration::from_millis(300),
        );
        (address, tokio::spawn(serving))
    }

    async fn ended(serving: tokio::task::JoinHandle<()>) {
        tokio::time::timeout(Duration::from_secs(5), serving)
            .await
            .expect("the server ends")
            .unwrap();
    }

    async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
        let mut text = String::new();
        let mut buffer = [0; 4096];
        while !text.contains(wanted) {
            let n = stream.read(&mut buffer).await.unwrap();
            assert!(n > 0, "ended before {wanted:?}: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..n]));
        }
        text
    }

    #[tokio::test]
    async fn events_stream_and_end_when_the_server_closes() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Worker, "eu-teamet").await;
        let (address, serving) = started(&app).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
             Accept-Encoding: gzip, br\r\n\r\n",
            device.token
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let text = read_until(&mut stream, "event: news\ndata: {\"cursor\":").await;
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        assert!(text.contains("content-type: text/event-stream"), "{text}");
        assert!(!text.contains("content-encoding"), "{text}");
        app.place(&device, 1).await;
        read_until(&mut stream, "event: news").await;
        app.close.send(true).unwrap();
        ended(serving).await;
    }

    #[tokio::test]
    async fn silent_and_slow_connections_are_closed() {
        let app = TestApp::new().await;
        let (address, serving) = started(&app).await;
        for begun in ["", "GET / HT", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer))
                .await
                .unwrap_or_else(|_| panic!("still open after {begun:?}"))
                .unwrap();
        }
        app.close.send(true).unwrap();
        ended(serving).await;
    }

    #[tokio::test]
    async fn a_request_that_never_ends_does_not_hold_the_server() {
        let app = TestApp::new().await;
        let (address, serving) = started(&app).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = "POST /api/v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\
                    Content-Type: application/json\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        app.close.send(true).unwrap();
        ended(serving).await;
    }
}
