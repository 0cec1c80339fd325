//! `lagesbild map`: installs a map file in the data directory.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use sync_core::document::Document;
use sync_core::model::{Content, Place};

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::config::{Config, read_text};
use crate::outreach::map::DistrictMap;
use crate::outreach::store::log::{Found, LogStore};
use crate::outreach::store::places::PlaceStore;
use crate::outreach::store::{Store, StoreError};

/// Places that do not fit are counted, and so many of them named.
const MOST_NAMED: usize = 10;

/// Documents that are read at once.
const PORTION: usize = 200;

#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(flatten)]
    data: DataDirectory,
    /// `GeoJSON`: a `FeatureCollection` of polygons with the properties code and name.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The configuration file (for the districts and the county that the map is compared with).
    #[arg(long, value_name = "FILE", env = "LAGESBILD_CONFIG")]
    config: Option<PathBuf>,
}

impl Import {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let name = self.file.display();
        let refused = |e: &dyn std::fmt::Display| Failure::Refused(format!("{name}: {e}"));
        let config = Config::load(self.config.as_deref())?;
        let text = read_text(&self.file).map_err(|e| refused(&e))?;
        let (map, mut notes) =
            DistrictMap::from_geojson(&text, &config).map_err(|e| refused(&e))?;
        let store = self.data.open()?;
        let places = block_on(async { places(&store).await.map_err(|e| self.data.failure(e)) })?;
        notes.extend(misfits(&map, &places));
        map.keep(store.directory()).map_err(|e| refused(&e))?;
        println!("A map of {} districts.", map.districts.len());
        for note in notes {
            println!("{note}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads the places that count.
async fn places(store: &Store) -> Result<Vec<Place>, StoreError> {
    let mut places = Vec::new();
    for ids in store.counted_places().await?.chunks(PORTION) {
        for found in store.find(ids.to_vec()).await? {
            let Found::Document(stored) = found else {
                continue;
            };
            let chunks: Vec<&[u8]> = stored.chunks.iter().map(Vec::as_slice).collect();
            let document = Document::load(stored.kind, &chunks).ok();
            let reading = document.and_then(|document| document.reading().ok());
            if let Some(Content::Place(place)) = reading.map(|reading| reading.content.clone()) {
                places.push(place);
            }
        }
    }
    Ok(places)
}

/// Says which places lie outside of the map, or in another district than they carry.
fn misfits(map: &DistrictMap, places: &[Place]) -> Vec<String> {
    let (mut outside, mut elsewhere) = (Vec::new(), Vec::new());
    for place in places {
        let Some((latitude, longitude)) = place.latitude.zip(place.longitude) else {
            continue;
        };
        #[expect(clippy::cast_precision_loss, reason = "at most 18 million")]
        let [longitude, latitude] = [longitude, latitude].map(|n| n as f64 / 1e5);
        match map.district_at(longitude, latitude) {
            None => outside.push(place.name.clone()),
            Some(found) if found.code != place.district => {
                elsewhere.push(format!(
                    "{} ({}, not {})",
                    place.name, found.code, place.district
                ));
            }
            Some(_) => {}
        }
    }
    let told = |what: &str, names: &[String]| {
        (!names.is_empty()).then(|| {
            let shown = names[..names.len().min(MOST_NAMED)].join("; ");
            let more = names.len().saturating_sub(MOST_NAMED);
            let more = if more == 0 {
                String::new()
            } else {
                format!("; and {more} more")
            };
            format!("{} {what}: {shown}{more}.", names.len())
        })
    };
    [
        told("places lie in no district of the map", &outside),
        told("places lie in another district than they carry", &elsewhere),
    ]
    .into_iter()
    .flatten()
    .collect()
}
