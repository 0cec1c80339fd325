//! The product's acts: each in one transaction with its row of the audit, and the work that
//! the server does by itself.

pub mod acts;
pub mod background;
pub mod documents;
mod error;
pub mod retention;
pub mod undos;

pub use error::ActError;
