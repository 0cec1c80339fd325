//! Connections that count every byte that crosses them, headers included.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use hyper::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tower_service::Service;

/// Bytes that crossed a client's connections.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) up: AtomicU64,
    pub(crate) down: AtomicU64,
}

/// Makes counted connections.
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    inner: HttpConnector,
    traffic: Arc<Traffic>,
}

impl Connector {
    pub(crate) fn new(traffic: Arc<Traffic>) -> Self {
        let mut inner = HttpConnector::new();
        inner.set_nodelay(true);
        Self { inner, traffic }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Counted>;
    type Error = <HttpConnector as Service<Uri>>::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.inner.call(uri);
        let traffic = Arc::clone(&self.traffic);
        Box::pin(async move {
            let inner = connecting.await?.into_inner();
            Ok(TokioIo::new(Counted { inner, traffic }))
        })
    }
}

/// A connection and its counters.
#[derive(Debug)]
pub(crate) struct Counted {
    inner: TcpStream,
    traffic: Arc<Traffic>,
}

impl Connection for Counted {
    fn connected(&self) -> Connected {
        self.inner.connected()
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        let got = buffer.filled().len() - before;
        self.traffic.down.fetch_add(got as u64, Ordering::Relaxed);
        polled
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(context, bytes);
        if let Poll::Ready(Ok(sent)) = polled {
            self.traffic.up.fetch_add(sent as u64, Ordering::Relaxed);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
