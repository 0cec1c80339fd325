//! What a dishonest phone tries, and what must hold whatever it sends.
#![expect(clippy::unwrap_used, reason = "what a test cannot do fails it")]

mod histories;
