//! Writings of somebody who holds an enrolled phone and an engine, and none of our
//! app: changes of any operations at any place of a document, each with the right form
//! and its own device's name. Shared by the simulation, the property tests, the fuzz
//! target and the search for what costs most.

mod build;
mod choices;
mod craft;
mod genome;
mod measured;
mod play;

pub use build::{Built, build};
pub use choices::Choices;
pub use craft::{Crafting, creation, hidden_values, plausible, record_into, written};
pub use genome::{Genome, Order, Sort, Style};
pub use measured::{Cost, cost};
pub use play::{NOW, Offered, Play, WRITERS, Writer};
