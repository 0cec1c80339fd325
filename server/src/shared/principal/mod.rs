//! Who is asking. Secrets leave the server once, at the moment they are made; what is
//! stored is their SHA-256.

mod cookie;
mod key;
mod role;
mod secret;
mod who;

pub use cookie::SessionCookie;
pub use key::{DeviceKey, KeyError};
pub use role::{Role, RoleError};
pub use secret::{InvitationCode, SecretHash, Token};
pub use who::{Actor, Credential, Door, MemberId, Principal};
