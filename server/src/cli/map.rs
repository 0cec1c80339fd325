//! `lagesbild map`: installs a map file in the data directory.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use sync_core::model::{Content, Place};

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::config::{Config, read_text};
use crate::outreach::map::DistrictMap;
use crate::outreach::store::places::PlaceStore;
use crate::outreach::store::{Store, StoreError};
use crate::outreach::sync::server_changes;

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
        let read = server_changes::read(store, ids.to_vec()).await?;
        places.extend(
            read.into_iter()
                .filter_map(|(_, state)| match state.content {
                    Content::Place(place) => Some(place),
                    _ => None,
                }),
        );
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outreach::demo;
    use crate::outreach::sync::testing;

    #[test]
    fn places_that_do_not_fit_the_map_are_named() {
        let map = demo::map().unwrap();
        let [longitude, latitude] = map.middle("farsta").unwrap();
        #[expect(clippy::cast_possible_truncation, reason = "degrees")]
        let at = |degrees: f64| (degrees * 1e5).round() as i64;
        let place = |name: &str, district: &str, latitude: Option<i64>| {
            let mut content = testing::place(name);
            let place = testing::as_place(&mut content);
            district.clone_into(&mut place.district);
            place.latitude = latitude;
            place.longitude = latitude.map(|_| at(longitude));
            place.clone()
        };
        let here = Some(at(latitude));
        let places = [
            place("Rätt", "farsta", here),
            place("Fel", "bromma", here),
            place("Långt bort", "farsta", Some(at(60.2))),
            place("Utan läge", "bromma", None),
        ];
        assert_eq!(
            misfits(&map, &places),
            [
                "1 places lie in no district of the map: Långt bort (exempel).",
                "1 places lie in another district than they carry: Fel (exempel) (farsta, not bromma).",
            ]
        );
        let many: Vec<Place> = (0..14)
            .map(|n| place(&n.to_string(), "bromma", here))
            .collect();
        let told = misfits(&map, &many).concat();
        assert!(
            told.starts_with("14 places") && told.ends_with("; and 4 more."),
            "{told}"
        );
        assert!(misfits(&map, &places[..1]).is_empty());
    }
}
