//! The districts' outlines: read from `GeoJSON` (RFC 7946) once, kept small
//! enough for every phone, and never more exact than a map of a city needs.

mod geojson;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::shared::database::private;
use crate::shared::http::etag::Once;

/// The file in the data directory.
const FILE: &str = "map.json";

/// Outlines of districts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DistrictMap {
    /// Whether the map is made up.
    pub sample: bool,
    /// Whose map it is, as it asks to be named; empty when it does not.
    pub attribution: String,
    /// The districts.
    pub districts: Vec<Outline>,
}

/// One district.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Outline {
    /// The district's code, as places carry it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Closed rings of `[longitude, latitude]`, degrees with four decimals (about 10 m).
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// Why a file is no map.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// It cannot be read or written.
    #[error("the map cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// It is not the `GeoJSON` that is expected: all that is wrong, a line each.
    #[error("the map is wrong: {0}")]
    Wrong(String),
}

fn wrong(message: impl Into<String>) -> MapError {
    MapError::Wrong(message.into())
}

impl DistrictMap {
    /// The district that a position lies in; none outside of all.
    pub fn district_at(&self, longitude: f64, latitude: f64) -> Option<&Outline> {
        let here = |outline: &&Outline| outline.holds(longitude, latitude);
        self.districts.iter().find(here)
    }

    /// Keeps the map in a data directory, in place of the former one.
    pub fn keep(&self, directory: &Path) -> Result<(), MapError> {
        let bytes = serde_json::to_vec(self).map_err(|e| wrong(e.to_string()))?;
        let new = directory.join("map.json.new");
        std::io::Write::write_all(&mut private::create(&new)?, &bytes)?;
        std::fs::rename(new, directory.join(FILE))?;
        Ok(())
    }

    /// Reads the map of a data directory; none when none was imported.
    pub fn read(directory: &Path) -> Result<Option<Self>, MapError> {
        match std::fs::read(directory.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(|map: Self| {
                    Some(Self {
                        districts: joined(map.districts),
                        ..map
                    })
                })
                .map_err(|e| wrong(e.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads when the file in a data directory was changed, and its length; none when
    /// there is none.
    pub fn look(directory: &Path) -> Result<Option<(SystemTime, u64)>, MapError> {
        match std::fs::metadata(directory.join(FILE)) {
            Ok(file) => Ok(Some((file.modified()?, file.len()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The middle of a district's first ring.
    pub fn middle(&self, code: &str) -> Option<[f64; 2]> {
        let ring = self
            .districts
            .iter()
            .find(|d| d.code == code)?
            .rings
            .first()?;
        // The last point repeats the first.
        let points = &ring[..ring.len() - 1];
        #[expect(clippy::cast_precision_loss, reason = "at most thousands of points")]
        let n = points.len() as f64;
        Some([0, 1].map(|axis| points.iter().map(|p| p[axis]).sum::<f64>() / n))
    }
}

impl Outline {
    /// Whether a position lies inside: a ray to the east crosses the rings an odd number
    /// of times, so that a ring within a ring is a hole.
    fn holds(&self, longitude: f64, latitude: f64) -> bool {
        let edges = self.rings.iter().flat_map(|ring| ring.windows(2));
        edges.fold(false, |inside, edge| {
            let [[x1, y1], [x2, y2]] = [edge[0], edge[1]];
            let crosses = (y1 > latitude) != (y2 > latitude)
                && longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1;
            inside != crosses
        })
    }
}

/// Outlines of one code are one district, whose rings stand together: what an earlier
/// version kept as two would be drawn by no phone.
fn joined(outlines: Vec<Outline>) -> Vec<Outline> {
    let mut districts: Vec<Outline> = Vec::new();
    for outline in outlines {
        match districts.iter_mut().find(|d| d.code == outline.code) {
            Some(district) => district.rings.extend(outline.rings),
            None => districts.push(outline),
        }
    }
    districts
}

/// A file as it looks from outside: when it was changed, and its length.
type Look = (SystemTime, u64);

/// The map as it was read last, for as long as its file looks the same.
#[derive(Debug, Default)]
pub(crate) struct MapCache(Mutex<Option<(Look, Once)>>);

impl MapCache {
    pub(crate) fn read(&self, directory: &Path) -> Result<Option<Once>, MapError> {
        // One reads, the others wait for what it read.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(look) = DistrictMap::look(directory)? else {
            *kept = None;
            return Ok(None);
        };
        if let Some((before, once)) = &*kept
            && *before == look
        {
            return Ok(Some(once.clone()));
        }
        *kept = DistrictMap::read(directory)?
            .and_then(|map| Once::new(&map))
            .map(|once| (look, once));
        Ok(kept.as_ref().map(|(_, once)| once.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const DEMO: &str = include_str!("../../../content/demo-map.geojson");

    #[test]
    fn the_made_up_one_says_so_and_has_every_district() {
        let configuration = Config::default();
        let (map, notes) = DistrictMap::from_geojson(DEMO, &configuration).unwrap();
        assert_eq!(notes, Vec::<String>::new());
        assert!(map.sample);
        for district in crate::config::stockholm_districts() {
            assert!(map.middle(&district.code).is_some(), "{}", district.code);
        }
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(DistrictMap::read(directory.path()).unwrap(), None);
        map.keep(directory.path()).unwrap();
        assert_eq!(DistrictMap::read(directory.path()).unwrap(), Some(map));
    }
}
