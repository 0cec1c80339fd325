//! Records inside a document: a map keyed by id, never a list, so that two
//! phones that add a record at the same time both keep theirs. A record is
//! never removed, only withdrawn: removing one would silently drop what
//! another phone wrote into it meanwhile.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::RecordId;

/// Records by their ids, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Records<T>(pub BTreeMap<RecordId, T>);

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Deref for Records<T> {
    type Target = BTreeMap<RecordId, T>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Records<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<'a, T> IntoIterator for &'a Records<T> {
    type Item = (&'a RecordId, &'a T);
    type IntoIter = btree_map::Iter<'a, RecordId, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Reads records whose map an older app did not make as none.
pub(super) fn absent_is_empty<'de, D, T>(deserializer: D) -> Result<Records<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<Records<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}
