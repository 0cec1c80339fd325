//! Callers as extractors: a handler that takes `Caller<Coordinating>` cannot be
//! reached by anybody else, and has the caller's organisation in hand.

use std::marker::PhantomData;
use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sync_core::ids::OrganisationId;
use sync_core::time::Instant;

use super::ClientAddress;
use crate::config::Config;
use crate::shared::access::Base;
use crate::shared::accounts::devices::KnownDevice;
use crate::shared::accounts::sessions::SessionLimits;
use crate::shared::http::{Problem, require_same_origin};
use crate::shared::principal::{Door, Principal, Role, SecretHash, SessionCookie};

/// A device's last request is noted when the note is older than this.
const DEVICE_NOTE: i64 = 10 * 60_000;
/// The same for a session; the idle limit is exact to this.
const SESSION_NOTE: i64 = 60_000;

/// Which callers a handler takes.
pub trait Roles: Send + Sync + 'static {
    /// The roles that are let in.
    const ALLOWED: &'static [Role];
    /// Whether a browser's session will do, or only the device's own token.
    const SESSION: bool = true;
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident: [$($role:ident),*] $(, session: $session:literal)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}

        impl Roles for $name {
            const ALLOWED: &'static [Role] = &[$(Role::$role),*];
            $(const SESSION: bool = $session;)?
        }
    )*};
}

roles! {
    /// Every member, whatever the role.
    AnyMember: [Worker, Coordinator, Reader, Duty, Administrator];
    /// Those who record: their device signs, so its token is needed.
    Field: [Worker, Coordinator], session: false;
    /// Those who steer the work.
    Coordinating: [Coordinator];
    /// Those who read the estimate.
    Reading: [Coordinator, Reader];
    /// Those who take over alerts.
    Alarmed: [Coordinator, Duty];
    /// Those who decide about members and devices, and about what all share: each as far
    /// as the product's rights say.
    Deciding: [Coordinator, Administrator];
    /// Those who run the server.
    Administering: [Administrator];
    /// Those who may open a browser session, with their device's token.
    SigningIn: [Coordinator, Reader, Duty, Administrator], session: false;
}

/// A caller with one of the roles `R`.
#[derive(Debug, Clone)]
pub struct Caller<R> {
    principal: Principal,
    door: Door,
    secret: Secret,
    roles: PhantomData<fn() -> R>,
}

impl<R> Caller<R> {
    /// Checks whether the caller would still be let in: neither revoked, nor signed out, nor
    /// away for too long.
    pub async fn is_still_known(&self, base: &Base) -> bool {
        let device = match self.secret {
            Secret::Token(token) => base.accounts.device_by_token(token).await,
            Secret::Session(session) => base
                .accounts
                .session(session, limits(&base.config), base.now())
                .await
                .map(|session| session.map(|session| session.device)),
        };
        // When the store cannot answer, whoever was let in stays.
        device.map_or(true, |device| device.is_some_and(|device| !device.revoked))
    }

    /// Returns the member who asks, and the credential.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The organisation that bounds what the caller reaches.
    pub fn organisation(&self) -> &OrganisationId {
        &self.principal.organisation
    }

    /// How the caller was known.
    pub fn door(&self) -> Door {
        self.door
    }
}

impl Caller<Alarmed> {
    /// Checks whether the caller is of the duty service, which takes over every
    /// organisation's alerts.
    pub fn is_on_duty(&self) -> bool {
        self.principal.role == Role::Duty
    }
}

impl<R: Roles, S> FromRequestParts<S> for Caller<R>
where
    Base: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let base = Base::from_ref(state);
        let now = base.now();
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, state).await;
        let secret = Secret::of(&parts.headers, R::SESSION)?;
        let hash = secret.hash();
        let guess = Guess::new(&base, address, hash, now).await?;
        let device = known(secret, &base, now).await?;
        if device.revoked {
            base.limiters.known.forget(&hash);
            return Err(Problem::forbidden(
                "device_revoked",
                "This device is no longer allowed. It erases what it holds; ask your coordinator.",
            )
            .erase());
        }
        guess.was_right();
        let door = secret.door();
        let principal = device.principal;
        tracing::Span::current().record("device", tracing::field::display(principal.device()));
        base.limiters
            .device
            .take(principal.device(), now)
            .map_err(Problem::too_many)?;
        if !R::ALLOWED.contains(&principal.role) {
            return Err(Problem::forbidden(
                "role_not_allowed",
                "Your role does not include this. Ask your coordinator if it should.",
            ));
        }
        if matches!(door, Door::Session(_)) && !parts.method.is_safe() {
            require_same_origin(&parts.headers)?;
        }
        if device
            .last_seen_at
            .is_none_or(|at| now.0 - at.0 > DEVICE_NOTE)
        {
            // Only a note: a full disk must not keep anybody from reading.
            if let Err(error) = base.accounts.touch_device(principal.device(), now).await {
                tracing::warn!(%error, "a device's last request was not noted");
            }
        }
        Ok(Self {
            principal,
            door,
            secret,
            roles: PhantomData,
        })
    }
}

/// The secret that a caller shows.
#[derive(Debug, Clone, Copy)]
enum Secret {
    Token(SecretHash),
    Session(SecretHash),
}

impl Secret {
    /// Reads the secret from the headers.
    ///
    /// # Errors
    /// The problem to send instead.
    fn of(headers: &HeaderMap, session_will_do: bool) -> Result<Self, Problem> {
        if let Some(value) = headers.get(AUTHORIZATION) {
            return value
                .to_str()
                .ok()
                .and_then(|text| text.split_once(' '))
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map(|(_, token)| Self::Token(SecretHash::of(token.trim())))
                .ok_or_else(token_unknown);
        }
        if !session_will_do {
            return Err(Problem::unauthorised(
                "token_unknown",
                "Send the device's token: Authorization: Bearer …",
            ));
        }
        SessionCookie::read(headers)
            .map(Self::Session)
            .ok_or_else(|| {
                Problem::unauthorised(
                    "signed_out",
                    "Sign in first: open the link of your invitation in this browser.",
                )
            })
    }

    fn hash(self) -> SecretHash {
        match self {
            Self::Token(hash) | Self::Session(hash) => hash,
        }
    }

    fn door(self) -> Door {
        match self {
            Self::Token(_) => Door::Token,
            Self::Session(session) => Door::Session(session),
        }
    }
}

fn token_unknown() -> Problem {
    Problem::unauthorised(
        "token_unknown",
        "This device is not enrolled here. Ask your coordinator for a new invitation.",
    )
}

/// A secret that may be anybody's, counted by address before it is looked up. Those that
/// were good lately are not counted, so that a phone works behind the same address as
/// somebody who tries one token after the other.
struct Guess<'a> {
    base: &'a Base,
    address: IpAddr,
    secret: SecretHash,
    now: Instant,
    counted: bool,
}

impl<'a> Guess<'a> {
    async fn new(
        base: &'a Base,
        address: IpAddr,
        secret: SecretHash,
        now: Instant,
    ) -> Result<Self, Problem> {
        let limiters = &base.limiters;
        let mut counted = !limiters.known.holds(&secret);
        if counted && let Err(seconds) = limiters.unknown.take(address, now) {
            // A phone that was not heard of since the server began, perhaps.
            if limiters.known.is_to_be_read(now) {
                for secret in base.accounts.secrets().await? {
                    limiters.known.note(secret);
                }
            }
            if !limiters.known.holds(&secret) {
                return Err(Problem::too_many(seconds));
            }
            counted = false;
        }
        Ok(Self {
            base,
            address,
            secret,
            now,
            counted,
        })
    }

    fn was_right(self) {
        if self.counted {
            self.base.limiters.unknown.give_back(self.address, self.now);
        }
        self.base.limiters.known.note(self.secret);
    }
}

async fn known(secret: Secret, base: &Base, now: Instant) -> Result<KnownDevice, Problem> {
    match secret {
        Secret::Token(token) => {
            let device = base.accounts.device_by_token(token).await?;
            device.ok_or_else(|| {
                base.limiters.known.forget(&token);
                token_unknown()
            })
        }
        Secret::Session(secret) => {
            let found = base
                .accounts
                .session(secret, limits(&base.config), now)
                .await?;
            let session = found.ok_or_else(|| {
                base.limiters.known.forget(&secret);
                Problem::unauthorised(
                    "session_ended",
                    "Your session has ended. Sign in again; nothing is lost.",
                )
            })?;
            if now.0 - session.last_seen_at.0 > SESSION_NOTE
                && let Err(error) = base.accounts.touch_session(secret, now).await
            {
                tracing::warn!(%error, "a session's use was not noted");
            }
            Ok(session.device)
        }
    }
}

/// How long sessions last here.
pub(crate) fn limits(config: &Config) -> SessionLimits {
    let sessions = &config.sessions;
    SessionLimits {
        idle: i64::from(sessions.idle_minutes.get()) * 60_000,
        absolute: i64::from(sessions.absolute_hours.get()) * 3_600_000,
    }
}
