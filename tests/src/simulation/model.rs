//! The promises that must hold: told by what was acknowledged, not by how the server works.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use lagesbild_server::config::Config;
use lagesbild_server::outreach::estimate::EstimateReport;
use lagesbild_server::outreach::reports::Reports;
use lagesbild_server::outreach::store::Store;
use lagesbild_server::outreach::store::alerts::AlertStore;
use lagesbild_server::outreach::store::log::{Found, LogStore};
use lagesbild_server::outreach::store::rebuild::RebuildStore;
use lagesbild_server::shared::audit::Chain;
use sync_core::document::Document;
use sync_core::ids::{DocumentId, Hash};
use sync_core::model::Kind;
use sync_core::protocol::Reply;
use sync_core::replica::{Creation, DocumentRow};
use sync_core::time::{Instant, Period};

use super::promised::{self, Powers, Promises};
use super::server::{ORGANISATIONS, START};
use crate::app::App;
use crate::evidence::{self, Acknowledged};

/// The model's knowledge of a run.
#[derive(Debug, Default)]
pub(super) struct Model {
    /// Changes that the server acknowledged.
    pub(super) acknowledged: Acknowledged,
    /// The organisation that made each document.
    pub(super) owners: BTreeMap<DocumentId, usize>,
    /// Documents that were erased.
    pub(super) erased: BTreeSet<DocumentId>,
    /// Documents that honest phones made.
    pub(super) promises: Promises,
}

impl Model {
    /// No reply may hold what its reader must not see.
    pub(super) fn check_scope(&self, organisation: usize, reply: &[u8]) -> Result<()> {
        let reply: Reply = minicbor::decode(reply)?;
        for delivery in &reply.documents {
            let owner = self.owners.get(&delivery.document);
            ensure!(
                delivery.kind == Kind::Place || owner == Some(&organisation),
                "a {} crossed to another organisation",
                delivery.kind
            );
        }
        for row in &reply.coverage {
            ensure!(
                row.organisation != ORGANISATIONS[organisation],
                "coverage is about the others"
            );
        }
        Ok(())
    }

    /// Forgets what is neither stored nor on any phone that can still send it:
    /// nobody can bring it back. Gives how much that is.
    pub(super) fn give_up<'a>(
        &mut self,
        data: &std::path::Path,
        phones: impl Iterator<Item = &'a App>,
    ) -> Result<usize> {
        let mut there = evidence::stored(data)?;
        for app in phones {
            there.extend(app.changes()?);
        }
        let lost = self.acknowledged.missing(&there);
        self.acknowledged.forget_changes(&lost);
        Ok(lost.len())
    }

    /// The server alone: whole, nothing acknowledged missing, nothing erased
    /// there, the read model and the estimate what a rebuild gives.
    pub(super) async fn check_server(&self, store: &Store, now: Instant) -> Result<()> {
        evidence::holds(store.directory(), &self.acknowledged)?;
        let stored = evidence::stored(store.directory())?;
        ensure!(
            stored
                .iter()
                .all(|(document, _)| !self.erased.contains(document)),
            "something erased is there"
        );
        ensure!(
            matches!(store.database().verify_audit().await?, Chain::Whole { .. }),
            "the audit log's chain is broken"
        );
        let before = estimate(store, now).await?;
        let rebuilt = store.rebuild().await?;
        ensure!(
            rebuilt.differences.is_empty(),
            "a rebuild differs: {:?}",
            rebuilt.differences
        );
        // Another handle, since this one keeps the report that it made.
        let again = Store::open(store.directory())?;
        ensure!(
            estimate(&again, now).await? == before,
            "the estimate differs from a rebuilt one"
        );
        Ok(())
    }

    /// Checks that what phones in good standing made is there and says what it said; that nobody
    /// observed in another's name; every alert of theirs is on the desk's list, unheard.
    pub(super) async fn check_promises(
        &self,
        store: &Store,
        counting: &BTreeSet<usize>,
        powers: &Powers,
    ) -> Result<u64> {
        let mut made = self.promises.clone();
        made.retain(|id, promise| counting.contains(&promise.phone) && !self.erased.contains(id));
        let kept = promised::check(store, &made, powers, |phone| phone % 2).await?;
        let stored = evidence::stored(store.directory())?;
        let ids: BTreeSet<DocumentId> = stored.into_iter().map(|(id, _)| id).collect();
        let ids: Vec<DocumentId> = ids.into_iter().collect();
        for (id, found) in ids.iter().zip(store.find(ids.clone()).await?) {
            let Found::Document(found) = found else {
                anyhow::bail!("{id} is in the log and nowhere else");
            };
            let chunks: Vec<&[u8]> = found.chunks.iter().map(Vec::as_slice).collect();
            let document = Document::load(found.kind, &chunks)?;
            promised::clean(&document).with_context(|| format!("{} {id}", found.kind))?;
        }
        let listed = store.alerts(None, 0, u32::MAX).await?.alerts;
        let listed: BTreeSet<_> = listed.iter().map(|alert| alert.document).collect();
        for (id, promise) in &made {
            ensure!(
                promise.kind != Kind::Alert || listed.contains(id),
                "alert {id} is not on the desk's list"
            );
        }
        Ok(kept)
    }

    /// Checks whether a document takes no more because its own organisation's dishonest phones
    /// have filled it up: what somebody else saved then stays on the phone, which says why.
    fn is_full(&self, row: &DocumentRow, powers: &Powers) -> bool {
        let code = row.rejected.as_ref().map(|rejected| rejected.code.as_str());
        let full = matches!(code, Some("document_too_large" | "too_many_values"));
        let owner = self.owners.get(&row.document);
        full && owner.is_some_and(|owner| powers.workers.contains(owner))
    }

    /// A phone and the server: each shows the same of what the phone may see.
    pub(super) async fn check_phone(
        &self,
        store: &Store,
        organisation: usize,
        app: &App,
        powers: &Powers,
    ) -> Result<()> {
        if let Some(row) = app
            .rows()
            .find(|row| row.unsent > 0 && !self.is_full(row, powers))
        {
            anyhow::bail!(
                "{} {} has {} changes left: {:?}",
                row.kind,
                row.document,
                row.unsent,
                row.rejected
            );
        }
        let stored = evidence::stored(store.directory())?;
        let mut there: BTreeMap<DocumentId, Vec<Hash>> = BTreeMap::new();
        for (document, hash) in stored {
            there.entry(document).or_default().push(hash);
        }
        let ids: Vec<DocumentId> = there.keys().copied().collect();
        let mut seen = 0;
        for (id, found) in ids.iter().zip(store.find(ids.clone()).await?) {
            let Found::Document(found) = found else {
                anyhow::bail!("{id} is in the log and nowhere else");
            };
            let visible = found.kind == Kind::Place
                || found.organisation.as_str() == ORGANISATIONS[organisation];
            let row = app.row(*id);
            if !visible {
                ensure!(row.is_none(), "{id} is on a phone that must not have it");
                continue;
            }
            seen += 1;
            if row.is_some_and(|row| row.unsent > 0) {
                continue;
            }
            let row = row.with_context(|| format!("{} {id} is not on a phone", found.kind))?;
            let chunks: Vec<&[u8]> = found.chunks.iter().map(Vec::as_slice).collect();
            let document = Document::load(found.kind, &chunks)?;
            let reading = document.reading()?;
            let content = Creation::from(reading.content.clone()).content;
            ensure!(
                row.view.content == content && row.view.conflicts == reading.conflicts,
                "phone and server show {id} differently"
            );
        }
        ensure!(
            app.rows().count() == seen,
            "a phone holds documents that the server does not"
        );
        Ok(())
    }
}

async fn estimate(store: &Store, now: Instant) -> Result<EstimateReport> {
    let period = Period::of(START.night(), 28);
    let made = Reports::default()
        .report(store, period, &Config::default().districts, now)
        .await?;
    Ok(EstimateReport {
        // Where the log stands; a rebuild moves it on.
        cursor: 0,
        ..(*made).clone()
    })
}
