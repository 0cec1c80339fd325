//! Reading a map from `GeoJSON` (RFC 7946), with everything that is wrong with it at once.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{DistrictMap, MapError, Outline, joined, wrong};
use crate::config::{Config, County};

/// Most points of all outlines together: about 200 kB.
const MOST_POINTS: usize = 10_000;

/// Longest code or name, in characters.
const LONGEST: usize = 100;

/// More faults than these are counted, and not told one by one.
const MOST_TOLD: usize = 12;

impl DistrictMap {
    /// Reads a `FeatureCollection` of polygons whose properties hold `code` and `name`, and
    /// compares it with the configuration's districts and county. Members `sample` and
    /// `attribution` of the collection are taken over. Also returns what is worth knowing,
    /// a sentence each.
    ///
    /// # Errors
    /// When it is no such collection, holds districts that nobody knows, or lies elsewhere:
    /// everything that is wrong, a line each.
    pub fn from_geojson(text: &str, config: &Config) -> Result<(Self, Vec<String>), MapError> {
        let json: Value = serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?;
        let features = json["features"]
            .as_array()
            .filter(|_| json["type"] == "FeatureCollection")
            .ok_or_else(|| wrong("it is no GeoJSON FeatureCollection"))?;
        let (mut outlines, mut faults) = (Vec::new(), Vec::new());
        for (index, feature) in features.iter().enumerate() {
            match outline(index + 1, feature) {
                Ok(outline) => outlines.push(outline),
                Err(fault) => faults.push(fault),
            }
        }
        let mut notes = doubled(&outlines);
        let districts = joined(outlines);
        let points: usize = districts.iter().flat_map(|d| &d.rings).map(Vec::len).sum();
        if faults.is_empty() && (points == 0 || points > MOST_POINTS) {
            faults.push(format!(
                "it has {points} points, and a phone's map has 1 to {MOST_POINTS}: simplify it"
            ));
        }
        faults.extend(elsewhere(&districts, &config.county));
        faults.extend(unknown(&districts, config));
        notes.extend(missing(&districts, config));
        if faults.is_empty() {
            let map = Self {
                sample: json["sample"].as_bool().unwrap_or(false),
                attribution: json["attribution"].as_str().unwrap_or_default().to_owned(),
                districts,
            };
            return Ok((map, notes));
        }
        let more = faults.len().saturating_sub(MOST_TOLD);
        faults.truncate(MOST_TOLD);
        if more > 0 {
            faults.push(format!("and {more} more"));
        }
        Err(wrong(faults.join("\n  ")))
    }
}

/// Names the districts that stand in several features.
fn doubled(outlines: &[Outline]) -> Vec<String> {
    let codes: BTreeSet<&str> = outlines.iter().map(|o| o.code.as_str()).collect();
    let told = codes.into_iter().filter_map(|code| {
        let names: Vec<&str> = outlines
            .iter()
            .filter(|o| o.code == code)
            .map(|o| o.name.as_str())
            .collect();
        (names.len() > 1).then(|| {
            format!(
                "{code} stands in {} features ({}), which were joined to one district.",
                names.len(),
                names.join(", ")
            )
        })
    });
    told.collect()
}

/// Names the districts that the configuration lacks: places carry its codes and no others.
fn unknown(districts: &[Outline], config: &Config) -> Option<String> {
    let known: Vec<&str> = config.districts.iter().map(|d| d.code.as_str()).collect();
    let unknown: Vec<String> = districts
        .iter()
        .filter(|d| !known.contains(&d.code.as_str()))
        .map(|d| format!("{:?} ({})", d.code, d.name))
        .collect();
    (!unknown.is_empty()).then(|| {
        format!(
            "the configuration has no district {}. Its codes are: {}. Change the codes in the \
             map, or the districts in the configuration (--config)",
            unknown.join(", "),
            known.join(", ")
        )
    })
}

/// Names the configuration's districts that have no outline.
fn missing(districts: &[Outline], config: &Config) -> Option<String> {
    let missing: Vec<&str> = config
        .districts
        .iter()
        .filter(|d| districts.iter().all(|outline| outline.code != d.code))
        .map(|d| d.code.as_str())
        .collect();
    (!missing.is_empty()).then(|| format!("There is no outline of: {}.", missing.join(", ")))
}

/// Names the districts that lie outside of the county.
fn elsewhere(districts: &[Outline], county: &County) -> Option<String> {
    let points = |district: &Outline| district.rings.concat();
    let outside: Vec<&Outline> = districts
        .iter()
        .filter(|d| points(d).iter().any(|[x, y]| !county.holds(*x, *y)))
        .collect();
    let first = outside.first()?;
    let swapped = points(first).iter().all(|[x, y]| county.holds(*y, *x));
    let names: Vec<&str> = outside.iter().map(|d| d.code.as_str()).collect();
    let names = names.join(", ");
    Some(if swapped {
        format!("{names}: latitude stands before longitude; GeoJSON has the longitude first")
    } else {
        format!(
            "{names}: not within {} (longitude {} to {}, latitude {} to {}; see [county] in the \
             configuration)",
            county.name, county.west, county.east, county.south, county.north
        )
    })
}

/// Reads a feature, the `index`th from 1.
fn outline(index: usize, feature: &Value) -> Result<Outline, String> {
    let text =
        |name: &str| property(feature, name).map_err(|why| format!("feature {index}: {why}"));
    let (code, name) = (text("code")?, text("name")?);
    let geometry = &feature["geometry"];
    let rings: Vec<&Value> = match geometry["type"].as_str() {
        Some("Polygon") => parts(&geometry["coordinates"]),
        Some("MultiPolygon") => parts(&geometry["coordinates"])
            .into_iter()
            .flat_map(parts)
            .collect(),
        _ => return Err(format!("{code} is neither Polygon nor MultiPolygon")),
    };
    let rings = rings
        .into_iter()
        .map(|points| ring(&code, points))
        .collect::<Result<_, _>>()?;
    Ok(Outline { code, name, rings })
}

/// Reads a text property; a whole number is read as its digits.
fn property(feature: &Value, name: &str) -> Result<String, String> {
    let text = match &feature["properties"][name] {
        Value::Null => return Err(format!("it has no property {name:?}")),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        other => {
            return Err(format!(
                "its property {name:?} is {other}: write it as a text, in quotation marks"
            ));
        }
    };
    match text.chars().count() {
        0 => Err(format!("its property {name:?} is empty")),
        n if n > LONGEST => Err(format!(
            "its property {name:?} has {n} characters, and {LONGEST} are the most"
        )),
        _ => Ok(text),
    }
}

fn parts(value: &Value) -> Vec<&Value> {
    value
        .as_array()
        .map(|a| a.iter().collect())
        .unwrap_or_default()
}

fn ring(code: &str, points: &Value) -> Result<Vec<[f64; 2]>, String> {
    let mut ring: Vec<[f64; 2]> = Vec::new();
    for point in parts(points) {
        let (Some(x), Some(y)) = (point[0].as_f64(), point[1].as_f64()) else {
            return Err(format!(
                "{code} has a point that is no pair of numbers: {point}"
            ));
        };
        if x.abs() > 180.0 || y.abs() > 90.0 {
            let metres = x.abs() > 1000.0 || y.abs() > 1000.0;
            let hint = if metres {
                ": these look like metres (SWEREF 99); export it as WGS 84 (EPSG:4326)"
            } else {
                ""
            };
            return Err(format!(
                "{code} has a point that is not on the globe, {point}{hint}"
            ));
        }
        let rounded = [x, y].map(|degrees| (degrees * 1e4).round() / 1e4);
        // Rounding makes neighbours equal.
        if ring.last() != Some(&rounded) {
            ring.push(rounded);
        }
    }
    if ring.len() < 4 || ring.first() != ring.last() {
        return Err(format!("{code} has a ring that is not closed"));
    }
    Ok(ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[17.9,59.3],[17.95,59.3],[17.95,59.35],[17.9,59.35],[17.9,59.3]]]}"#;

    fn feature(code: &str, name: &str, geometry: &str) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{"code":{code},"name":"{name}"}},"geometry":{geometry}}}"#
        )
    }

    fn read(features: &[String]) -> Result<(DistrictMap, Vec<String>), String> {
        let text = format!(
            r#"{{"type":"FeatureCollection","sample":true,"features":[{}]}}"#,
            features.join(",")
        );
        DistrictMap::from_geojson(&text, &Config::default()).map_err(|e| e.to_string())
    }

    #[test]
    fn a_district_in_two_features_is_one() {
        let further = SQUARE.replace("17.9", "18.2").replace("59.3", "59.4");
        let (map, notes) = read(&[
            feature("\"bromma\"", "Bromma", SQUARE),
            feature("\"farsta\"", "Farsta", SQUARE),
            feature("\"bromma\"", "Bromma (östra)", &further),
        ])
        .unwrap();
        let codes: Vec<&str> = map.districts.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["bromma", "farsta"]);
        assert_eq!(map.districts[0].rings.len(), 2);
        assert!(notes[0].contains("bromma stands in 2 features (Bromma, Bromma (östra))"));
        assert!(
            notes[1].contains("no outline of: enskede-arsta-vantor"),
            "{}",
            notes[1]
        );
    }

    #[test]
    fn a_code_that_nobody_has_is_refused_with_those_that_there_are() {
        let error = read(&[feature("\"SDN-1\"", "Bromma", SQUARE)]).unwrap_err();
        assert!(error.contains("no district \"SDN-1\" (Bromma)"), "{error}");
        assert!(error.contains("bromma, enskede-arsta-vantor"), "{error}");
    }

    #[test]
    fn a_number_is_no_missing_code() {
        let error = read(&[feature("17", "Sjutton", SQUARE)]).unwrap_err();
        assert!(error.contains("no district \"17\""), "{error}");
        let error =
            read(&[feature("1.5", "A", SQUARE), feature("\" \"", "B", SQUARE)]).unwrap_err();
        assert!(
            error.contains("feature 1: its property \"code\" is 1.5"),
            "{error}"
        );
        assert!(
            error.contains("feature 2: its property \"code\" is empty"),
            "{error}"
        );
    }

    #[test]
    fn a_map_of_elsewhere_is_refused() {
        let at = |points: &str| {
            let geometry = format!(r#"{{"type":"Polygon","coordinates":[[{points}]]}}"#);
            read(&[feature("\"bromma\"", "Bromma", &geometry)]).unwrap_err()
        };
        let swapped = at("[59.3,17.9],[59.3,17.95],[59.35,17.95],[59.3,17.9]");
        assert!(
            swapped.contains("latitude stands before longitude"),
            "{swapped}"
        );
        let far = at("[11.9,57.7],[11.95,57.7],[11.95,57.75],[11.9,57.7]");
        assert!(far.contains("not within Stockholms län"), "{far}");
        let metres = at("[674032,6580822],[674132,6580822],[674132,6580922],[674032,6580822]");
        assert!(metres.contains("SWEREF 99"), "{metres}");
    }

    #[test]
    fn what_is_no_map_is_refused_with_its_reason() {
        let config = Config::default();
        for (text, about) in [
            ("{", "EOF"),
            (r#"{"type":"Feature"}"#, "FeatureCollection"),
            (
                r#"{"type":"FeatureCollection","features":[{}]}"#,
                "no property \"code\"",
            ),
            (r#"{"type":"FeatureCollection","features":[]}"#, "points"),
        ] {
            let error = DistrictMap::from_geojson(text, &config)
                .unwrap_err()
                .to_string();
            assert!(error.contains(about), "{text}: {error}");
        }
        for (geometry, about) in [
            (r#"{"type":"Point"}"#, "Polygon"),
            (
                r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[2,2]]]}"#,
                "closed",
            ),
            (
                r#"{"type":"Polygon","coordinates":[[[0,0],[1,100],[1,0],[0,0]]]}"#,
                "globe",
            ),
            (
                r#"{"type":"Polygon","coordinates":[[[0,0],["a",1],[1,0],[0,0]]]}"#,
                "no pair",
            ),
            (r#"{"type":"Polygon","coordinates":[]}"#, "points"),
        ] {
            let error = read(&[feature("\"bromma\"", "Bromma", geometry)]).unwrap_err();
            assert!(error.contains(about), "{geometry}: {error}");
        }
    }

    #[test]
    fn a_position_lies_in_the_district_around_it_and_in_no_hole() {
        let ring = "[17.9,59.3],[18.0,59.3],[18.0,59.4],[17.9,59.4],[17.9,59.3]";
        let hole = "[17.94,59.34],[17.96,59.34],[17.96,59.36],[17.94,59.36],[17.94,59.34]";
        let geometry = format!(r#"{{"type":"Polygon","coordinates":[[{ring}],[{hole}]]}}"#);
        let (map, _) = read(&[feature("\"bromma\"", "Bromma", &geometry)]).unwrap();
        let at = |x: f64, y: f64| map.district_at(x, y).map(|d| d.code.as_str());
        assert_eq!(at(17.92, 59.32), Some("bromma"));
        assert_eq!(at(17.95, 59.35), None);
        assert_eq!(at(18.1, 59.35), None);
    }
}
