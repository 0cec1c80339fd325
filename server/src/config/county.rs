//! The county: a frame that positions are compared with when a file is imported.

use serde::Deserialize;

/// A county's name and the frame around it, in degrees.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct County {
    /// The name that messages say.
    pub name: String,
    /// Longitudes.
    pub west: f64,
    pub east: f64,
    /// Latitudes.
    pub south: f64,
    pub north: f64,
}

impl Eq for County {}

impl Default for County {
    /// Stockholm county with its archipelago, rounded outwards to tenths of a degree.
    fn default() -> Self {
        Self {
            name: "Stockholms län".to_owned(),
            west: 17.2,
            east: 19.9,
            south: 58.6,
            north: 60.3,
        }
    }
}

impl County {
    /// Whether a position lies within the frame.
    pub fn holds(&self, longitude: f64, latitude: f64) -> bool {
        (self.west..=self.east).contains(&longitude)
            && (self.south..=self.north).contains(&latitude)
    }

    /// Says what is wrong with the frame itself.
    pub(super) fn fault(&self) -> Option<String> {
        let ordered = self.west < self.east && self.south < self.north;
        let on_globe =
            self.west >= -180.0 && self.east <= 180.0 && self.south >= -90.0 && self.north <= 90.0;
        (!(ordered && on_globe)).then(|| {
            "county: west < east within -180..180 and south < north within -90..90, in degrees"
                .to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn a_frame_that_holds_nothing_is_refused_where_it_is_set() {
        for text in [
            "[county]\nwest = 20.0\neast = 17.0\n",
            "[county]\nsouth = 61.0\n",
            "[county]\neast = 674032.0\n",
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(error.contains("west < east"), "{text}: {error}");
        }
        let county = Config::default().county;
        assert!(county.holds(18.07, 59.33) && !county.holds(59.33, 18.07));
    }
}
