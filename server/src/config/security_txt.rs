//! Whom to tell of a weakness: `/.well-known/security.txt` (RFC 9116).

use serde::Deserialize;

/// The fields of `security.txt` (RFC 9116).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Stated")]
pub struct SecurityTxt {
    contact: Vec<String>,
    expires: chrono::DateTime<chrono::Utc>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    contact: Vec<String>,
    expires: String,
}

impl TryFrom<Stated> for SecurityTxt {
    type Error = String;

    fn try_from(stated: Stated) -> Result<Self, String> {
        let Stated { contact, expires } = stated;
        if contact.is_empty() {
            return Err("contact is empty: name one address, e.g. \"mailto:…\"".to_owned());
        }
        for address in &contact {
            let known = ["mailto:", "https://", "tel:"];
            if !known.iter().any(|scheme| address.starts_with(scheme))
                || address.chars().any(|c| c.is_control() || c.is_whitespace())
            {
                return Err(format!(
                    "contact {address:?} is no address: it begins with mailto:, https:// or tel:"
                ));
            }
        }
        let expires = chrono::DateTime::parse_from_rfc3339(&expires)
            .map_err(|_| format!("expires {expires:?} is no time like 2027-06-30T00:00:00Z"))?
            .to_utc();
        Ok(Self { contact, expires })
    }
}

impl SecurityTxt {
    /// The file's text; `None` when its time is over, since nobody should then trust it.
    pub fn text(&self, now: sync_core::time::Instant) -> Option<String> {
        if self.expires.timestamp_millis() <= now.0 {
            return None;
        }
        let contacts = self.contact.join("\nContact: ");
        let expires = self.expires.format("%Y-%m-%dT%H:%M:%SZ");
        Some(format!(
            "Contact: {contacts}\nExpires: {expires}\nPreferred-Languages: sv, en\n"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_core::time::Instant;

    fn parse(text: &str) -> Result<SecurityTxt, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn says_whom_to_tell_until_it_expires() {
        let stated = parse(
            "contact = ['mailto:a@example.org', 'https://example.org/x']\n\
             expires = '2026-03-01T00:00:00+01:00'",
        )
        .unwrap();
        let text = "Contact: mailto:a@example.org\nContact: https://example.org/x\n\
                    Expires: 2026-02-28T23:00:00Z\nPreferred-Languages: sv, en\n";
        assert_eq!(stated.text(Instant(0)).as_deref(), Some(text));
        assert_eq!(stated.text(Instant(1_772_319_600_000)), None);
    }

    #[test]
    fn what_would_mislead_is_refused_with_its_reason() {
        for (text, about) in [
            ("contact = []\nexpires = '2026-03-01T00:00:00Z'", "empty"),
            (
                "contact = ['a@example.org']\nexpires = '2026-03-01T00:00:00Z'",
                "mailto:",
            ),
            (
                "contact = [\"mailto:a\\nX: y\"]\nexpires = '2026-03-01T00:00:00Z'",
                "no address",
            ),
            ("contact = ['mailto:a']\nexpires = 'soon'", "soon"),
            ("contact = ['mailto:a']", "expires"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(about), "{text}: {error}");
        }
    }
}
