//! The report that coordinators read, from what was seen in a period.

mod message;
mod method;
pub(crate) mod people;
pub(crate) mod report;
mod shares;

pub use message::{Message, Param};
pub use method::{LimitsReport, MethodReport, RatioReport, SizeReport};
pub use people::{
    ListReport, ModelReport, PairReport, PeopleFigure, PeopleReport, SensitivityReport,
};
pub use report::{
    CoverageReport, DistrictReport, DrawReport, EstimateReport, Figure, PeriodReport, Seen,
};
