//! Configuration: defaults, one TOML file, then flags and `LAGESBILD_*`.
//! One concern a file; unknown keys are refused, so that a misspelt one is
//! never silently without effect.

mod backups;
mod county;
mod districts;
mod limits;
mod loopback;
mod numbers;
mod period;
mod phones;
mod public_url;
mod security_txt;
mod text_file;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use backups::Backups;
pub use county::County;
pub use districts::{District, stockholm_districts};
pub use limits::{Invitations, Limits, Rate, Rates, Retention, Sessions, Times, Within};
pub use loopback::Loopback;
pub use numbers::{Number, default_numbers};
pub use period::PeriodDays;
pub use phones::Phones;
pub use public_url::PublicUrl;
pub use security_txt::SecurityTxt;
pub use text_file::{TextFileError, read_text};

/// Everything that an operator may set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where phones reach it. None: on this machine itself.
    pub public_url: Option<PublicUrl>,
    /// Where figures for those who watch over the server are: an address of this
    /// machine itself. None: nowhere.
    pub metrics: Option<Loopback>,
    /// Length of an estimate's period in days: whole weeks, 7 to 91.
    pub period_days: PeriodDays,
    /// How many places are drawn a period (at half-way), 0 to 200; 0 draws none.
    pub drawn_places: Within<0, 200>,
    /// The city's districts.
    pub districts: Vec<District>,
    /// The county that everything lies in.
    pub county: County,
    /// Telephone numbers on the phones' call card, in order.
    pub numbers: Vec<Number>,
    /// When a worker's phone locks.
    pub phones: Phones,
    /// How long records are kept.
    pub retention: Retention,
    /// How long a restore keeps the database that it replaced.
    pub backup: Backups,
    /// Which dates are let in.
    pub times: Times,
    /// How long a browser's session lasts.
    pub sessions: Sessions,
    /// How long an invitation is valid.
    pub invitations: Invitations,
    /// How often one device or one address may ask.
    pub rates: Rates,
    /// How much a phone may send.
    pub limits: Limits,
    /// A directory of leaflets (Markdown) in place of those that come with the program.
    pub leaflets: Option<PathBuf>,
    /// Reverse proxies whose `X-Forwarded-For` is believed; nobody else's is.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whom to tell of a weakness; nobody is named when this is not set.
    pub security_txt: Option<SecurityTxt>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            metrics: None,
            period_days: PeriodDays::default(),
            drawn_places: Within::constant::<8>(),
            districts: stockholm_districts(),
            county: County::default(),
            numbers: default_numbers(),
            phones: Phones::default(),
            retention: Retention::default(),
            backup: Backups::default(),
            times: Times::default(),
            sessions: Sessions::default(),
            invitations: Invitations::default(),
            rates: Rates::default(),
            limits: Limits::default(),
            leaflets: None,
            trusted_proxies: Vec::new(),
            security_txt: None,
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read: {source}")]
    Unreadable {
        path: PathBuf,
        source: TextFileError,
    },
    /// The file holds something else than a configuration. The message names
    /// the key and the line.
    #[error("the configuration file {path} is wrong: {message}")]
    Wrong {
        path: PathBuf,
        /// The fault and its line, in the parser's words.
        message: String,
    },
}

impl Config {
    /// Reads the file, or takes the defaults when there is none.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = read_text(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text).map_err(|message| ConfigError::Wrong {
            path: path.to_owned(),
            message,
        })
    }

    /// Reads a TOML text. The error names the key and the line.
    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut codes: Vec<_> = config.districts.iter().map(|d| d.code.as_str()).collect();
        codes.sort_unstable();
        if let Some((twice, _)) = codes.iter().zip(codes.iter().skip(1)).find(|(a, b)| a == b) {
            return Err(format!("districts: the code {twice:?} stands twice"));
        }
        if let Some(fault) = config.county.fault() {
            return Err(fault);
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_defaults() {
        assert_eq!(Config::parse(""), Ok(Config::default()));
        let defaults = Config::default();
        assert_eq!(defaults.districts.len(), 11);
        assert_eq!(defaults.period_days.get(), 28);
        assert_eq!(defaults.drawn_places.get(), 8);
    }

    #[test]
    fn the_example_is_the_defaults() {
        let example = include_str!("../../example.toml");
        assert_eq!(Config::parse(example), Ok(Config::default()));
    }

    #[test]
    fn a_file_changes_what_it_names() {
        let config = Config::parse(
            "period_days = 14\ntrusted_proxies = [\"10.0.0.1\"]\n[retention]\nvisits = 30\n",
        )
        .unwrap();
        assert_eq!(config.period_days.get(), 14);
        assert_eq!(config.retention.visits.get(), 30);
        assert_eq!(config.retention.alerts, Retention::default().alerts);
    }

    #[test]
    fn errors_name_the_key_and_the_line() {
        for (text, key, line) in [
            ("\nperiod_dogs = 28\n", "period_dogs", "line 2"),
            ("period_days = 30\n", "period_days", "line 1"),
            ("\n\ndrawn_places = 900\n", "drawn_places", "line 3"),
            ("[retention]\nvisit = 3\n", "visit", "line 2"),
            ("listen = \"here\"\n", "listen", "line 1"),
            (
                "[rates.device]\nper_minute = 1\nburst = 0\n",
                "burst",
                "line 3",
            ),
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(error.contains(key), "{text:?}: {error}");
            assert!(error.contains(line), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_district_stands_once() {
        let text = "districts = [{code='a', name='A'}, {code='a', name='B'}]";
        assert!(Config::parse(text).unwrap_err().contains("\"a\""));
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Config::load(Some(Path::new("/nowhere/l.toml"))).unwrap_err();
        assert!(error.to_string().contains("/nowhere/l.toml"), "{error}");
    }
}
