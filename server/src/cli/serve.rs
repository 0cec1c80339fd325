//! `lagesbild serve`.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::Failure;
use super::data::DataDirectory;
use crate::config::{Config, Loopback, PeriodDays, Within};
use crate::outreach::application::background;
use crate::outreach::leaflets::{self, Leaflet};
use crate::outreach::routes::{metrics, router};
use crate::outreach::state::AppState;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::http::{Doorkeeper, Room, WebApp, serve};

/// How long requests under way may take to end once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: DataDirectory,
    /// The directory of the built web app; without it only the API is served.
    #[arg(long, value_name = "DIR", env = "LAGESBILD_WEB")]
    web: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080, or what the configuration says].
    #[arg(long, value_name = "ADDRESS:PORT", env = "LAGESBILD_LISTEN")]
    listen: Option<SocketAddr>,
    /// Where figures for monitoring are, as `OpenMetrics` text under /metrics: an
    /// address of this machine itself, e.g. 127.0.0.1:9090 [default: nowhere].
    #[arg(long, value_name = "ADDRESS:PORT", env = "LAGESBILD_METRICS")]
    metrics: Option<Loopback>,
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE", env = "LAGESBILD_CONFIG")]
    config: Option<PathBuf>,
    /// Length of a period in days, whole weeks [default: 28].
    #[arg(long, value_name = "DAYS", env = "LAGESBILD_PERIOD_DAYS")]
    period_days: Option<PeriodDays>,
    /// Places drawn a period [default: 8].
    #[arg(long, value_name = "N", env = "LAGESBILD_DRAWN_PLACES")]
    drawn_places: Option<Within<0, 200>>,
    /// What to log: error, warn, info, debug; or per module, as in the default.
    #[arg(
        long,
        value_name = "FILTER",
        default_value = "info,refinery_core=warn",
        env = "LAGESBILD_LOG"
    )]
    log: String,
    /// Log one JSON object a line.
    #[arg(long, env = "LAGESBILD_LOG_JSON")]
    log_json: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        self.start_log()?;
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        if let Some(metrics) = self.metrics {
            config.metrics = Some(metrics);
        }
        if let Some(days) = self.period_days {
            config.period_days = days;
        }
        if let Some(places) = self.drawn_places {
            config.drawn_places = places;
        }
        let leaflets = leaflets::load(config.leaflets.as_deref())
            .map_err(|e| Failure::Refused(e.to_string()))?;
        let web = self.web.as_deref().map(WebApp::open).transpose()?;
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(self.serve(config, web, leaflets))?;
        Ok(ExitCode::SUCCESS)
    }

    fn start_log(&self) -> Result<(), Failure> {
        let filter: Targets = self
            .log
            .parse()
            .map_err(|e| Failure::Refused(format!("--log {:?}: {e}", self.log)))?;
        let log = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false);
        let log = if self.log_json {
            log.json().boxed()
        } else {
            log.boxed()
        };
        tracing_subscriber::registry()
            .with(log.with_filter(filter))
            .init();
        // The message of a panic may hold content; where it happened does not.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic
                .location()
                .map(ToString::to_string)
                .unwrap_or_default();
            tracing::error!(place, "a panic was caught");
        }));
        Ok(())
    }

    async fn serve(
        self,
        config: Config,
        web: Option<WebApp>,
        leaflets: Vec<Leaflet>,
    ) -> Result<(), Failure> {
        let listen = config.listen;
        let door = Doorkeeper::new(Room::of_this_process(), &config.trusted_proxies);
        // The port before the store: a second server on the same port must not
        // migrate the first one's tables.
        let listener = bind(listen, "--listen").await?;
        let watching = match config.metrics {
            Some(metrics) => Some(bind(metrics.address(), "--metrics").await?),
            None => None,
        };
        // Before the store too, and until the process ends.
        let _held = self.data.take()?;
        let store = self.data.open()?;
        let last = store.database().clone();
        let (close, closing) = watch::channel(false);
        let state = AppState::new(
            store,
            config,
            Clock::machine(),
            Entropy::system(),
            closing.clone(),
        )
        .with_leaflets(leaflets);
        let work = tokio::spawn(background::work(state.clone()));
        let address = listener.local_addr()?;
        let watched = watching.map(|listener| {
            let figures = metrics::private(state.clone());
            tokio::spawn(serve(
                listener,
                figures,
                Doorkeeper::new(Room::default(), &[]),
                closing.clone(),
                DRAIN,
            ))
        });
        let server = tokio::spawn(serve(listener, router(state, web), door, closing, DRAIN));
        // Before anybody is told where to send it a signal.
        let stop = told_to_stop()?;
        tracing::info!(%address, "serving");
        println!("Serving on http://{address}");
        stop.await?;
        tracing::info!("ending: no new requests");
        let _ = close.send(true);
        server.await.map_err(std::io::Error::other)?;
        if let Some(watched) = watched {
            watched.await.map_err(std::io::Error::other)?;
        }
        if let Err(error) = work.await {
            tracing::warn!(%error, "background work ended badly");
        }
        // Whoever copies the directory now copies one whole file.
        if let Err(error) = last.checkpoint().await {
            tracing::warn!(%error, "the write-ahead log was not emptied");
        }
        tracing::info!("ended");
        Ok(())
    }
}

async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|e| Failure::Refused(cannot_listen(address, flag, &e)))
}

fn cannot_listen(listen: SocketAddr, flag: &str, error: &std::io::Error) -> String {
    if error.kind() != std::io::ErrorKind::AddrInUse {
        return format!("cannot listen on {listen}: {error}");
    }
    format!(
        "port {port} on {ip} is in use: another program, or another lagesbild, listens there. \
         Stop it, or choose another with {flag} {ip}:PORT",
        port = listen.port(),
        ip = listen.ip()
    )
}

/// Ends when the process is told to stop; from this call on it is listened for.
fn told_to_stop() -> std::io::Result<impl Future<Output = std::io::Result<()>>> {
    #[cfg(unix)]
    let signals = {
        use tokio::signal::unix::{SignalKind, signal};
        (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        )
    };
    Ok(async move {
        #[cfg(unix)]
        {
            let (mut interrupt, mut terminate) = signals;
            tokio::select! {
                _ = interrupt.recv() => Ok(()),
                _ = terminate.recv() => Ok(()),
            }
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await
    })
}
