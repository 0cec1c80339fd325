//! The districts' outlines: read from `GeoJSON` (RFC 7946) once, kept small
//! enough for every phone, and never more exact than a map of a city needs.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shared::database::private;
use crate::shared::http::etag::Once;

/// The file in the data directory.
const FILE: &str = "map.json";
/// Most points of all outlines together: about 200 kB.
const MOST_POINTS: usize = 10_000;

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
    /// It is not the `GeoJSON` that is expected.
    #[error("the map is wrong: {0}")]
    Wrong(String),
}

fn wrong(message: impl Into<String>) -> MapError {
    MapError::Wrong(message.into())
}

impl DistrictMap {
    /// Reads a `FeatureCollection` of polygons whose properties hold `code` and
    /// `name`. Members `sample` and `attribution` of the collection are taken over.
    pub fn from_geojson(text: &str) -> Result<Self, MapError> {
        let json: Value = serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?;
        let features = json["features"]
            .as_array()
            .filter(|_| json["type"] == "FeatureCollection")
            .ok_or_else(|| wrong("it is no GeoJSON FeatureCollection"))?;
        let districts = features
            .iter()
            .map(outline)
            .collect::<Result<Vec<_>, _>>()?;
        let points: usize = districts.iter().flat_map(|d| &d.rings).map(Vec::len).sum();
        if points == 0 || points > MOST_POINTS {
            return Err(wrong(format!(
                "it has {points} points, and a phone's map has 1 to {MOST_POINTS}: simplify it"
            )));
        }
        Ok(Self {
            sample: json["sample"].as_bool().unwrap_or(false),
            attribution: json["attribution"].as_str().unwrap_or_default().to_owned(),
            districts,
        })
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
                .map(Some)
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

fn outline(feature: &Value) -> Result<Outline, MapError> {
    let text = |name: &str| {
        feature["properties"][name]
            .as_str()
            .filter(|text| (1..=100).contains(&text.len()))
            .map(str::to_owned)
            .ok_or_else(|| wrong(format!("a feature has no property {name:?}")))
    };
    let (code, name) = (text("code")?, text("name")?);
    let geometry = &feature["geometry"];
    let rings: Vec<&Value> = match geometry["type"].as_str() {
        Some("Polygon") => parts(&geometry["coordinates"]),
        Some("MultiPolygon") => parts(&geometry["coordinates"])
            .into_iter()
            .flat_map(parts)
            .collect(),
        _ => return Err(wrong(format!("{code} is neither Polygon nor MultiPolygon"))),
    };
    let rings = rings
        .into_iter()
        .map(|points| ring(&code, points))
        .collect::<Result<_, _>>()?;
    Ok(Outline { code, name, rings })
}

fn parts(value: &Value) -> Vec<&Value> {
    value
        .as_array()
        .map(|a| a.iter().collect())
        .unwrap_or_default()
}

fn ring(code: &str, points: &Value) -> Result<Vec<[f64; 2]>, MapError> {
    let mut ring: Vec<[f64; 2]> = Vec::new();
    for point in parts(points) {
        let axis = |n: usize, most: f64| {
            point[n]
                .as_f64()
                .filter(|degrees| degrees.abs() <= most)
                .map(|degrees| (degrees * 1e4).round() / 1e4)
        };
        let (Some(longitude), Some(latitude)) = (axis(0, 180.0), axis(1, 90.0)) else {
            return Err(wrong(format!(
                "{code} has a point that is not on the globe"
            )));
        };
        // Rounding makes neighbours equal.
        if ring.last() != Some(&[longitude, latitude]) {
            ring.push([longitude, latitude]);
        }
    }
    if ring.len() < 4 || ring.first() != ring.last() {
        return Err(wrong(format!("{code} has a ring that is not closed")));
    }
    Ok(ring)
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

    const DEMO: &str = include_str!("../../content/demo-map.geojson");

    #[test]
    fn the_made_up_one_says_so_and_has_every_district() {
        let map = DistrictMap::from_geojson(DEMO).unwrap();
        assert!(map.sample);
        for district in crate::config::stockholm_districts() {
            assert!(map.middle(&district.code).is_some(), "{}", district.code);
        }
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(DistrictMap::read(directory.path()).unwrap(), None);
        map.keep(directory.path()).unwrap();
        assert_eq!(DistrictMap::read(directory.path()).unwrap(), Some(map));
    }

    #[test]
    fn what_is_no_map_is_refused_with_its_reason() {
        let feature = |geometry: &str| {
            format!(
                r#"{{"type":"FeatureCollection","features":[{{"properties":{{"code":"a","name":"A"}},"geometry":{geometry}}}]}}"#
            )
        };
        for (text, about) in [
            ("{".to_owned(), "EOF"),
            (r#"{"type":"Feature"}"#.to_owned(), "FeatureCollection"),
            (
                r#"{"type":"FeatureCollection","features":[{}]}"#.to_owned(),
                "code",
            ),
            (feature(r#"{"type":"Point"}"#), "Polygon"),
            (
                feature(r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[2,2]]]}"#),
                "closed",
            ),
            (
                feature(r#"{"type":"Polygon","coordinates":[[[0,0],[1,100],[1,0],[0,0]]]}"#),
                "globe",
            ),
            (feature(r#"{"type":"Polygon","coordinates":[]}"#), "points"),
        ] {
            let error = DistrictMap::from_geojson(&text).unwrap_err().to_string();
            assert!(error.contains(about), "{text}: {error}");
        }
    }
}
