//! The promises to honest phones: what they must still see, whatever dishonest ones sent.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use lagesbild_server::outreach::store::Store;
use lagesbild_server::outreach::store::log::{Found, LogStore};
use serde_json::Value;
use sync_core::authority::{Holds, Sense, table};
use sync_core::document::Document;
use sync_core::ids::DocumentId;
use sync_core::model::Kind;
use sync_core::replica::Creation;

/// A document of an honest phone, as far as it is fixed once said.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    pub(super) phone: usize,
    pub(super) kind: Kind,
    /// The document as the phone made it.
    pub(super) content: Value,
}

/// The promises, by document.
pub(super) type Promises = BTreeMap<DocumentId, Promise>;

/// Who may withdraw what, beside whoever made it.
#[derive(Debug, Default)]
pub(super) struct Powers {
    /// Organisations with a dishonest coordinator.
    pub(super) coordinators: BTreeSet<usize>,
    /// Organisations with a dishonest phone.
    pub(super) workers: BTreeSet<usize>,
}

/// Checks what the server holds. `made` are the documents that honest phones made and
/// still vouch for; gives how many records were looked at.
pub(super) async fn check(
    store: &Store,
    made: &Promises,
    powers: &Powers,
    organisation_of: impl Fn(usize) -> usize,
) -> Result<u64> {
    let ids: Vec<DocumentId> = made.keys().copied().collect();
    let mut looked_at = 0;
    for ((id, promise), found) in made.iter().zip(store.find(ids).await?) {
        let Found::Document(stored) = found else {
            anyhow::bail!("{id}, which an honest phone made, is not there");
        };
        ensure!(stored.kind == promise.kind, "{id} is of another kind now");
        let chunks: Vec<&[u8]> = stored.chunks.iter().map(Vec::as_slice).collect();
        let document = Document::load(stored.kind, &chunks)?;
        let content = Creation::from(document.content()?).content;
        let organisation = organisation_of(promise.phone);
        looked_at += kept(promise, &content, powers, organisation)
            .with_context(|| format!("{} {id} of phone {}", promise.kind, promise.phone))?;
    }
    Ok(looked_at)
}

/// Checks whether a document still says what is fixed once said.
fn kept(promise: &Promise, now: &Value, powers: &Powers, organisation: usize) -> Result<u64> {
    let then = &promise.content;
    let coordinator = powers.coordinators.contains(&organisation);
    let colleague = powers.workers.contains(&organisation);
    let mut looked_at = 1;
    let same = |key: &str| -> Result<()> {
        let (then, now) = (&then[key], &now[key]);
        ensure!(then == now, "{key} was {then} and is {now}");
        Ok(())
    };
    let fixed: &[&str] = match promise.kind {
        Kind::Visit => &["started"],
        Kind::Place => &["exact", "created", "same_as"],
        Kind::Alert => &[
            "opened",
            "acknowledgements",
            "outcome",
            "closed",
            "withdrawn",
        ],
        Kind::Feedback => &[],
    };
    fixed.iter().try_for_each(|key| same(key))?;
    if !coordinator {
        same("withdrawn")?;
        let makers: &[&str] = match promise.kind {
            Kind::Visit => &["place"],
            Kind::Alert => &["category", "place"],
            Kind::Place | Kind::Feedback => &[],
        };
        makers.iter().try_for_each(|key| same(key))?;
    }
    if !colleague && promise.kind == Kind::Place {
        for key in ["name", "district", "place_type", "latitude", "longitude"] {
            same(key)?;
        }
    }
    for field in table(promise.kind) {
        let Holds::Records(fields) = field.holds else {
            continue;
        };
        let Some(records) = then[field.name].as_object() else {
            continue;
        };
        for (id, record) in records {
            let present = &now[field.name][id];
            ensure!(present.is_object(), "{}/{id} is gone", field.name);
            looked_at += 1;
            for inner in fields {
                let stays = match inner.holds {
                    Holds::Value(Sense::Observer | Sense::Time) => inner.name != "ended",
                    _ => inner.name == "withdrawn" && !coordinator,
                };
                let (then, now) = (&record[inner.name], &present[inner.name]);
                let name = inner.name;
                ensure!(
                    !stays || then == now,
                    "{}/{id}/{name} was {then}, is {now}",
                    field.name
                );
            }
        }
    }
    Ok(looked_at)
}

/// Nobody observed in another's name, nothing that only the desk says was said, and no
/// position is finer than the grid: in any document, whoever made it.
pub(super) fn clean(document: &Document) -> Result<()> {
    let content = Creation::from(document.content()?).content;
    let by = document.authorship();
    for (map, records) in [
        ("counts", &content["counts"]),
        ("encounters", &content["encounters"]),
    ] {
        for (id, record) in records.as_object().into_iter().flatten() {
            let maker = by
                .records
                .get(&format!("{map}/{id}"))
                .copied()
                .or(by.made_by);
            let observer = record["observer"].as_str().unwrap_or_default();
            ensure!(
                maker.is_some_and(|maker| maker.to_string() == observer),
                "{map}/{id} was made by {maker:?} and says {observer}"
            );
        }
    }
    for key in ["exact", "same_as", "closed"] {
        let blank = content[key].is_null() || content[key] == Value::Bool(false);
        ensure!(blank, "{key} was said by a phone");
    }
    let acknowledged = content["acknowledgements"].as_object();
    ensure!(
        acknowledged.is_none_or(serde_json::Map::is_empty),
        "somebody acknowledged"
    );
    for key in ["latitude", "longitude"] {
        let degrees = content[key].as_i64().unwrap_or(0);
        ensure!(degrees % 100 == 0, "{key} is finer than the grid");
    }
    Ok(())
}
