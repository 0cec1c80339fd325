//! What was seen in a period → the report that coordinators read.

mod method;
pub(crate) mod people;
mod reason;
pub(crate) mod report;
mod shares;

pub use method::{LimitsReport, MethodReport, RatioReport, SizeReport};
pub use people::{
    ListReport, ModelReport, PairReport, PeopleFigure, PeopleReport, SensitivityReport,
};
pub use reason::{Reason, Sentence};
pub use report::{
    CoverageReport, DistrictReport, DrawReport, EstimateReport, Figure, PeriodReport, Seen,
};
