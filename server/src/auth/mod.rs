//! Who is asking, and may they. Secrets leave the server once, at the moment
//! they are made; what is stored is their SHA-256.

mod caller;
mod cookie;
pub mod envelope;
mod identity;
mod key;
pub mod rights;
mod role;
mod same_origin;
mod secret;

pub(crate) use caller::limits;
pub use caller::{
    Administering, Alarmed, AnyMember, Caller, Coordinating, Deciding, Field, Reading, Roles,
    SigningIn,
};
pub use cookie::SessionCookie;
pub use identity::{Door, Identity, MemberId};
pub use key::{DeviceKey, KeyError};
pub use role::{Role, RoleError};
pub use same_origin::require_same_origin;
pub use secret::{InvitationCode, SecretHash, Token};
