//! Who is asking. Secrets leave the server once, at the moment they are made; what is
//! stored is their SHA-256.

mod accounts;
mod cookie;
pub mod devices;
pub mod invitations;
mod key;
pub mod members;
mod role;
mod secret;
pub mod sessions;
mod who;

pub use accounts::Accounts;
pub use cookie::SessionCookie;
pub use key::{DeviceKey, KeyError};
pub use role::{Role, RoleError};
pub use secret::{InvitationCode, SecretHash, Token};
pub use who::{Actor, Credential, Door, MemberId, Principal};
