//! `disclose`: a table as it may leave the group.

use serde_json::{Value, json};

use super::error::CalculateError as Error;
use super::fields::{Fields, array, count};
use super::output::Output;
use sync_core::estimate::disclosure::protect_row;

/// `rows:[[…]]` → the rows with small cells hidden and the rest rounded. Rows may
/// differ in length; no margins are implied.
pub(super) fn disclose(fields: &Fields) -> Result<Output, Error> {
    fields.only(&["rows"], &[])?;
    let mut protected = Vec::new();
    for row in fields.array("rows")? {
        let mut cells = Vec::new();
        for value in array(row, "rows")? {
            cells.push(count(value, "rows")?);
        }
        protected.push(json!(protect_row(&cells)));
    }
    if protected.is_empty() {
        return Err(Error::Empty("rows".to_owned()));
    }
    Ok(Output::default().value("rows", Value::Array(protected)))
}
