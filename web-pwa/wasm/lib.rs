//! Bindings of sync-core for the browser.
