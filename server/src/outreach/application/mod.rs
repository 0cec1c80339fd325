//! What the product does: each act in one transaction with its row of the audit, and what
//! the server does by itself.

pub mod acts;
pub mod background;
pub mod documents;
mod error;
pub mod retention;
pub mod undos;

pub use error::ActError;
