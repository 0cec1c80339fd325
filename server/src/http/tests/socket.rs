//! Over a real socket: what in-process calls cannot show.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::auth::Role;
use crate::http::testing::TestApp;

async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    tokio::time::timeout(Duration::from_secs(10), async {
        while !text.contains(wanted) {
            let n = stream.read(&mut buffer).await.unwrap();
            assert!(n > 0, "ended before {wanted:?}: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..n]));
        }
    })
    .await
    .unwrap_or_else(|_| panic!("{wanted:?} did not come"));
    text
}

#[tokio::test]
async fn events_stream_and_end_when_the_server_closes() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Worker, "eu-teamet").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut closing = app.state.closing.clone();
    let service = app
        .router
        .clone()
        .into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(
        axum::serve(listener, service)
            .with_graceful_shutdown(async move {
                closing.wait_for(|c| *c).await.ok();
            })
            .into_future(),
    );

    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nAccept-Encoding: gzip, br\r\n\r\n",
        device.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let text = read_until(&mut stream, "event: news\ndata: {\"cursor\":").await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(text.contains("content-type: text/event-stream"), "{text}");
    assert!(!text.contains("content-encoding"), "{text}");

    app.close.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(5), server)
        .await
        .expect("the stream does not hold the server")
        .unwrap()
        .unwrap();
}
