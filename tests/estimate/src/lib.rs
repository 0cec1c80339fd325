//! Simulation studies of the estimates, over synthetic cities whose truth is
//! known. The methods were chosen by them, and `xtask bench estimate` repeats
//! them. Every number follows from the seed.

pub mod bits;
pub mod live;
pub mod nights;
pub mod performance;
pub mod periods;
pub mod random;
