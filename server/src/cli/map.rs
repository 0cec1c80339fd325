//! `lagesbild map`: installs a map file in the data directory.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::Failure;
use super::data::DataDirectory;
use crate::outreach::map::DistrictMap;

#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(flatten)]
    data: DataDirectory,
    /// `GeoJSON`: a `FeatureCollection` of polygons with the properties code and name.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Import {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let name = self.file.display();
        let refused = |e: &dyn std::fmt::Display| Failure::Refused(format!("{name}: {e}"));
        let text = std::fs::read_to_string(&self.file).map_err(|e| refused(&e))?;
        let map = DistrictMap::from_geojson(&text).map_err(|e| refused(&e))?;
        let store = self.data.open()?;
        map.keep(store.directory()).map_err(|e| refused(&e))?;
        println!("A map of {} districts.", map.districts.len());
        Ok(ExitCode::SUCCESS)
    }
}
