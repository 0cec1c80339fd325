//! Who comes in: what a request shows of itself, and whether it is let in.

mod address;
mod base;
mod caller;
mod forwarded;

pub use address::ClientAddress;
pub(crate) use address::{Asking, Carrying, Enrolling, Knock, Leaving, Stranger};
pub use base::Base;
pub(crate) use caller::limits;
pub use caller::{
    Administering, Alarmed, AnyMember, Caller, Coordinating, Deciding, Field, Reading, Roles,
    SigningIn,
};
pub use forwarded::Forwarded;
