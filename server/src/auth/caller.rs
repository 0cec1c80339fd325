//! Callers as extractors: a handler that takes `Caller<Coordinating>` cannot be
//! reached by anybody else, and has the caller's organisation in hand.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sync_core::ids::OrganisationId;
use sync_core::time::Instant;

use super::rights::{Act, Right, Target, Whose, right};
use super::{Door, Identity, Role, SecretHash, SessionCookie, require_same_origin};
use crate::app::AppState;
use crate::http::Problem;
use crate::store::devices::KnownDevice;
use crate::store::sessions::SessionLimits;

/// A device's last request is noted when the note is older than this.
const DEVICE_NOTE: i64 = 10 * 60_000;
/// The same for a session; the idle limit is exact to this.
const SESSION_NOTE: i64 = 60_000;

/// Which callers a handler takes.
pub trait Roles: Send + Sync + 'static {
    /// The roles.
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
    /// Every member.
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
    /// as [`super::rights`] says.
    Deciding: [Coordinator, Administrator];
    /// Those who may open a browser session, with their device's token.
    SigningIn: [Coordinator, Reader, Duty, Administrator], session: false;
}

/// A caller with one of the roles `R`.
#[derive(Debug, Clone)]
pub struct Caller<R> {
    identity: Identity,
    door: Door,
    roles: PhantomData<fn() -> R>,
}

impl<R> Caller<R> {
    /// Who it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The organisation that bounds what the caller reaches.
    pub fn organisation(&self) -> &OrganisationId {
        &self.identity.organisation
    }

    /// How the caller was known.
    pub fn door(&self) -> Door {
        self.door
    }
}

impl Caller<Deciding> {
    /// Whose devices the caller sees: everybody's (`None`), or the own organisation's.
    pub fn devices_of(&self) -> Option<OrganisationId> {
        let theirs = right(
            self.identity.role,
            Act::SeeDevice,
            Target::Member(Role::Worker),
            Whose::Theirs,
        );
        (theirs == Right::No).then(|| self.identity.organisation.clone())
    }
}

impl Caller<Alarmed> {
    /// Whether the caller is of the duty service, which takes over every
    /// organisation's alerts.
    pub fn is_on_duty(&self) -> bool {
        self.identity.role == Role::Duty
    }
}

impl<R: Roles> FromRequestParts<AppState> for Caller<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let now = app.now();
        let (device, door) = known(&parts.headers, app, R::SESSION, now).await?;
        if device.revoked {
            return Err(Problem::forbidden(
                "device_revoked",
                "This device is no longer allowed. It erases what it holds; ask your coordinator.",
            )
            .erase());
        }
        let identity = device.identity;
        tracing::Span::current().record("device", tracing::field::display(identity.device));
        app.limiters
            .device
            .take(identity.device, now)
            .map_err(Problem::too_many)?;
        if !R::ALLOWED.contains(&identity.role) {
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
            if let Err(error) = app.store.touch_device(identity.device, now).await {
                tracing::warn!(%error, "a device's last request was not noted");
            }
        }
        Ok(Self {
            identity,
            door,
            roles: PhantomData,
        })
    }
}

async fn known(
    headers: &HeaderMap,
    app: &AppState,
    session_will_do: bool,
    now: Instant,
) -> Result<(KnownDevice, Door), Problem> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let token = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| SecretHash::of(token.trim()));
        let device = match token {
            Some(token) => app.store.device_by_token(token).await?,
            None => None,
        };
        return device.map(|device| (device, Door::Token)).ok_or_else(|| {
            Problem::unauthorised(
                "token_unknown",
                "This device is not enrolled here. Ask your coordinator for a new invitation.",
            )
        });
    }
    if !session_will_do {
        return Err(Problem::unauthorised(
            "token_unknown",
            "Send the device's token: Authorization: Bearer …",
        ));
    }
    let Some(secret) = SessionCookie::read(headers) else {
        return Err(Problem::unauthorised(
            "signed_out",
            "Sign in first: open the link of your invitation in this browser.",
        ));
    };
    let found = app.store.session(secret, limits(app), now).await?;
    let session = found.ok_or_else(|| {
        Problem::unauthorised(
            "session_ended",
            "Your session has ended. Sign in again; nothing is lost.",
        )
    })?;
    if now.0 - session.last_seen_at.0 > SESSION_NOTE
        && let Err(error) = app.store.touch_session(secret, now).await
    {
        tracing::warn!(%error, "a session's use was not noted");
    }
    Ok((session.device, Door::Session(secret)))
}

/// How long sessions last here.
pub(crate) fn limits(app: &AppState) -> SessionLimits {
    let sessions = &app.config.sessions;
    SessionLimits {
        idle: i64::from(sessions.idle_minutes.get()) * 60_000,
        absolute: i64::from(sessions.absolute_hours.get()) * 3_600_000,
    }
}
