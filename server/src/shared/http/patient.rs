//! A socket with little patience: heads come within seconds, and what we send is read.
//!
//! The server below it answers what is no HTTP by itself (400, 414, 431). Such an
//! answer is given the headers that stand on every other.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::door::{Stage, Standing};
use super::headers;

/// How long peers may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For the head of a request, from its first byte or from the connection's beginning.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// To read anything of what we send.
    pub stall: Duration,
    /// After so long, what is read must come to [`LEAST_RATE`].
    pub grace: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(45),
            grace: Duration::from_mins(1),
        }
    }
}

/// Bytes a second that a peer must read in the long run: one bar of signal in a park.
const LEAST_RATE: u64 = 500;

/// Bytes that the peer has not read yet.
#[derive(Debug)]
struct Backlog {
    since: Instant,
    progress: Instant,
    bytes: u64,
    /// Whether the connection was being answered when it began.
    served: bool,
}

/// A stream of bytes to a peer, and how long the peer may take.
#[derive(Debug)]
pub(super) struct Patient<S> {
    stream: S,
    standing: Arc<Standing>,
    patience: Patience,
    /// When the head that is coming must be there.
    head_by: Option<Instant>,
    requests: u64,
    backlog: Option<Backlog>,
    reading: Pin<Box<Sleep>>,
    writing: Pin<Box<Sleep>>,
    /// An answer built again, and how much of it is sent.
    anew: Vec<u8>,
    sent: usize,
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S, standing: Arc<Standing>, patience: Patience) -> Self {
        let now = Instant::now();
        Self {
            stream,
            standing,
            patience,
            head_by: Some(now + patience.head),
            requests: 0,
            backlog: None,
            reading: Box::pin(sleep_until(now)),
            writing: Box::pin(sleep_until(now)),
            anew: Vec::new(),
            sent: 0,
        }
    }

    fn peer_took(&mut self, asked: usize, took: usize) -> Result<usize> {
        let now = Instant::now();
        if let Some(backlog) = &mut self.backlog {
            backlog.progress = now;
            backlog.bytes += took as u64;
            let elapsed = now - backlog.since;
            if elapsed > self.patience.grace && backlog.bytes < LEAST_RATE * elapsed.as_secs() {
                return Err(too_slow());
            }
            if took == asked {
                if backlog.served && self.standing.stage() == Stage::Owing {
                    self.standing.becomes(Stage::Served);
                }
                self.backlog = None;
            }
        }
        Ok(took)
    }

    fn peer_takes_nothing(&mut self, context: &mut Context<'_>) -> Poll<Result<usize>> {
        let now = Instant::now();
        let standing = &self.standing;
        let backlog = self.backlog.get_or_insert_with(|| {
            let served = standing.stage() == Stage::Served;
            if served {
                standing.becomes(Stage::Owing);
            }
            Backlog {
                since: now,
                progress: now,
                bytes: 0,
                served,
            }
        });
        let deadline = backlog.progress + self.patience.stall;
        if self.writing.deadline() != deadline {
            self.writing.as_mut().reset(deadline);
        }
        ready!(self.writing.as_mut().poll(context));
        Poll::Ready(Err(too_slow()))
    }

    fn wrote(
        &mut self,
        context: &mut Context<'_>,
        asked: usize,
        result: Poll<Result<usize>>,
    ) -> Poll<Result<usize>> {
        match result {
            Poll::Ready(Ok(took)) => Poll::Ready(self.peer_took(asked, took)),
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => self.peer_takes_nothing(context),
        }
    }
}

impl<S: AsyncWrite + Unpin> Patient<S> {
    fn send_anew(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        while self.sent < self.anew.len() {
            let rest = &self.anew[self.sent..];
            let asked = rest.len();
            let result = Pin::new(&mut self.stream).poll_write(context, rest);
            let took = ready!(self.wrote(context, asked, result))?;
            if took == 0 {
                return Poll::Ready(Err(ErrorKind::WriteZero.into()));
            }
            self.sent += took;
        }
        self.anew.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }
}

fn too_slow() -> Error {
    Error::new(ErrorKind::TimedOut, "the peer was too slow")
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = &mut *self;
        let requests = this.standing.requests();
        if requests != this.requests {
            this.requests = requests;
            this.head_by = None;
        }
        let before = buffer.filled().len();
        let result = Pin::new(&mut this.stream).poll_read(context, buffer);
        if this.standing.stage() != Stage::Quiet {
            return result;
        }
        if buffer.filled().len() > before && this.head_by.is_none() {
            this.head_by = Some(Instant::now() + this.patience.head);
        }
        let Some(deadline) = this.head_by else {
            return result;
        };
        if this.reading.deadline() != deadline {
            this.reading.as_mut().reset(deadline);
        }
        // Also when bytes came: one a second is no head either.
        if this.reading.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(too_slow()));
        }
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let this = &mut *self;
        ready!(this.send_anew(context))?;
        if let Some(anew) = secured(bytes) {
            this.anew = anew;
            return Poll::Ready(Ok(bytes.len()));
        }
        let result = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.wrote(context, bytes.len(), result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        if let [only] = slices {
            return self.poll_write(context, only);
        }
        let this = &mut *self;
        ready!(this.send_anew(context))?;
        let asked = slices.iter().map(|slice| slice.len()).sum();
        let result = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.wrote(context, asked, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.send_anew(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.send_anew(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Returns the bytes again with the headers of every answer, if they end with an answer that the
/// server below made by itself: it has these headers and no others, and no body.
fn secured(bytes: &[u8]) -> Option<Vec<u8>> {
    const BEGINS: &[u8] = b"HTTP/1.1 4";
    const LONGEST: usize = 200;
    let end = bytes.strip_suffix(b"\r\n\r\n")?.len();
    let from = bytes.len().saturating_sub(LONGEST);
    let start = from
        + bytes[from..]
            .windows(BEGINS.len())
            .rposition(|window| window == BEGINS)?;
    let text = std::str::from_utf8(&bytes[start..end]).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?;
    let own = lines.all(|line| {
        let name = line.split(':').next().unwrap_or_default();
        matches!(name, "connection" | "content-length" | "date")
    });
    let empty = text.contains("\r\ncontent-length: 0");
    (own && empty).then(|| {
        let mut anew = bytes[..start].to_vec();
        anew.extend_from_slice(status.as_bytes());
        for (name, value) in headers::all() {
            for part in ["\r\n", name.as_str(), ": ", value] {
                anew.extend_from_slice(part.as_bytes());
            }
        }
        anew.extend_from_slice(&bytes[start + status.len()..]);
        anew
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_that_nobody_here_made_is_made_anew() {
        let own = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\
                   content-length: 0\r\ndate: Sat, 31 Jan 2026 20:00:00 GMT\r\n\r\n";
        let before = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab";
        for text in [own.to_owned(), format!("{before}{own}")] {
            let anew = String::from_utf8(secured(text.as_bytes()).unwrap()).unwrap();
            assert!(anew.contains("\r\ncontent-security-policy: "), "{anew}");
            assert!(
                anew.contains("431 Request Header Fields Too Large\r\nstrict"),
                "{anew}"
            );
            assert!(anew.ends_with(" GMT\r\n\r\n"), "{anew}");
            assert_eq!(anew.starts_with(before), text.starts_with(before));
        }
        for text in [
            "",
            "\r\n\r\n",
            before,
            "HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nabc",
            "HTTP/1.1 404 Not Found\r\nx: y\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        ] {
            assert!(secured(text.as_bytes()).is_none(), "{text}");
        }
    }
}
