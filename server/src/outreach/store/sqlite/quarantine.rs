//! Changes that were not let in, kept so that a person can look into them.

use std::collections::{BTreeMap, VecDeque};

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest, Sha256};
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::time::Instant;

use super::{Store, StoreError, sql};
use crate::outreach::store::port::Scope;
use crate::outreach::store::port::quarantine::{
    QuarantineStore, Quarantined, QuarantinedChange, Refused, Settled,
};
use crate::shared::audit::{self, Entry};
use crate::shared::principal::Actor;

impl QuarantineStore for Store {
    async fn quarantined_change(
        &self,
        organisation: OrganisationId,
        id: i64,
    ) -> Result<Option<QuarantinedChange>, StoreError> {
        self.read(move |connection| {
            let entry = connection
                .prepare_cached(
                    "SELECT device, document, kind, bytes FROM quarantine
                     WHERE id = ?1 AND organisation = ?2 AND settled IS NULL",
                )?
                .query_row(params![id, organisation.as_str()], |r| {
                    Ok(QuarantinedChange {
                        device: sql::device(r, 0)?,
                        document: sql::document(r, 1)?,
                        kind: sql::parsed(r, 2)?,
                        bytes: r.get(3)?,
                    })
                })
                .optional()?;
            Ok(entry)
        })
        .await
    }

    async fn settle_quarantined(
        &self,
        organisation: OrganisationId,
        id: i64,
        settled: Settled,
        by: Actor,
        now: Instant,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let (word, action) = match settled {
                Settled::Released => ("released", "quarantine.release"),
                Settled::Discarded => ("discarded", "quarantine.discard"),
            };
            let document: Option<DocumentId> = tx
                .prepare_cached(
                    "UPDATE quarantine SET settled = ?3, bytes = x''
                     WHERE id = ?1 AND organisation = ?2 AND settled IS NULL
                     RETURNING document",
                )?
                .query_row(params![id, organisation.as_str(), word], |r| {
                    sql::document(r, 0)
                })
                .optional()?;
            let Some(document) = document else {
                return Ok(false);
            };
            let entry = Entry {
                at: now,
                by,
                action,
                subject: document.to_string(),
                detail: format!("entry={id}"),
            };
            audit::record(tx, &entry)?;
            Ok(true)
        })
        .await
    }

    async fn was_discarded(&self, device: DeviceId, refused: &Refused) -> Result<bool, StoreError> {
        let document = refused.document;
        let digest: [u8; 32] = Sha256::digest(&refused.bytes).into();
        self.read(move |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT 1 FROM quarantine WHERE device = ?1 AND document = ?2
                       AND digest = ?3 AND settled = 'discarded'",
                )?
                .exists(params![device.as_bytes(), document.as_bytes(), digest])?)
        })
        .await
    }

    async fn quarantined(
        &self,
        organisation: OrganisationId,
        limit: u32,
    ) -> Result<Vec<Quarantined>, StoreError> {
        self.read(move |connection| {
            let entries = connection
                .prepare_cached(
                    "SELECT id, received_at, organisation, device, document, kind, code, detail, size
                     FROM quarantine WHERE organisation = ?1 AND settled IS NULL ORDER BY id DESC LIMIT ?2",
                )?
                .query_map(params![organisation.as_str(), limit], |r| {
                    Ok(Quarantined {
                        id: r.get(0)?,
                        received_at: sql::instant(r, 1)?,
                        organisation: sql::parsed(r, 2)?,
                        device: sql::device(r, 3)?,
                        document: sql::document(r, 4)?,
                        kind: sql::parsed(r, 5)?,
                        code: r.get(6)?,
                        detail: r.get(7)?,
                        size: sql::natural(r, 8)?,
                    })
                })?
                .collect::<Result<_, _>>()?;
            Ok(entries)
        })
        .await
    }

    async fn waiting_in_quarantine(&self, organisation: OrganisationId) -> Result<u64, StoreError> {
        self.read(move |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT count(*) FROM quarantine WHERE organisation = ?1 AND settled IS NULL",
                )?
                .query_row([organisation.as_str()], |r| sql::natural(r, 0))?)
        })
        .await
    }

    async fn quarantined_of(&self, device: DeviceId) -> Result<u64, StoreError> {
        self.read(move |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT count(*) FROM quarantine WHERE device = ?1 AND settled IS NULL",
                )?
                .query_row([device.as_bytes()], |r| sql::natural(r, 0))?)
        })
        .await
    }

    async fn discard_quarantined_of(
        &self,
        undo: i64,
        device: DeviceId,
        by: Actor,
        now: Instant,
    ) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let discarded = self
                .write(move |tx| discard(tx, undo, device, by, now))
                .await?;
            total += discarded;
            if discarded == 0 {
                return Ok(total);
            }
        }
    }
}

/// Most entries kept of a device; its oldest go first. What a coordinator discarded is
/// counted by itself: were its mark to go, the change could come again.
const MOST_OF_A_DEVICE: i64 = 200;

/// Most bytes kept of a device's refused changes.
const MOST_BYTES_OF_A_DEVICE: i64 = 4_000_000;

/// Most entries kept of an organisation's devices. When there are more, the device loses
/// its oldest that has most; another organisation's never go.
const MOST_OF_AN_ORGANISATION: u64 = 1_000;

/// Most bytes kept of an organisation's devices, shared in the same way.
const MOST_BYTES_OF_AN_ORGANISATION: u64 = 16_000_000;

/// Entries of the quarantine that are discarded in one transaction.
const DISCARDED_AT_ONCE: u32 = 50;
/// Most bytes kept of a refused change.
const MOST_BYTES: usize = 64 * 1024;

/// Keeps a refused change. The same one again adds nothing.
pub(super) fn keep(
    tx: &Connection,
    scope: &Scope,
    now: Instant,
    refused: &Refused,
) -> Result<(), StoreError> {
    let digest: [u8; 32] = Sha256::digest(&refused.bytes).into();
    let kept = &refused.bytes[..refused.bytes.len().min(MOST_BYTES)];
    tx.prepare_cached(
        "INSERT INTO quarantine
             (received_at, organisation, device, document, kind, code, detail, digest, size, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (device, document, digest) DO NOTHING",
    )?
    .execute(params![
        now.0,
        scope.organisation.as_str(),
        scope.device.as_bytes(),
        refused.document.as_bytes(),
        refused.kind.as_str(),
        refused.code,
        refused.detail,
        digest,
        sql::signed(refused.bytes.len() as u64),
        kept,
    ])?;
    Ok(())
}

/// Makes room after a device's refused changes were kept: a device and its organisation
/// lose only their own.
pub(super) fn bound(tx: &Connection, scope: &Scope) -> Result<(), StoreError> {
    for discarded in [false, true] {
        tx.prepare_cached(
            "DELETE FROM quarantine
             WHERE device = ?1 AND (settled IS 'discarded') = ?2 AND id <=
               (SELECT id FROM quarantine WHERE device = ?1 AND (settled IS 'discarded') = ?2
                ORDER BY id DESC LIMIT 1 OFFSET ?3)",
        )?
        .execute(params![
            scope.device.as_bytes(),
            discarded,
            MOST_OF_A_DEVICE
        ])?;
    }
    tx.prepare_cached(
        "DELETE FROM quarantine WHERE id IN
           (SELECT id FROM
              (SELECT id, sum(length(bytes)) OVER (ORDER BY id DESC) AS so_far
               FROM quarantine WHERE device = ?1 AND settled IS NULL)
            WHERE so_far > ?2)",
    )?
    .execute(params![scope.device.as_bytes(), MOST_BYTES_OF_A_DEVICE])?;
    for id in giving_way(
        of_an_organisation(tx, &scope.organisation)?,
        MOST_OF_AN_ORGANISATION,
        MOST_BYTES_OF_AN_ORGANISATION,
    ) {
        tx.prepare_cached("DELETE FROM quarantine WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(())
}

/// The numbers and the bytes of a device's entries, oldest first.
type Entries = VecDeque<(i64, u64)>;

/// The entries of an organisation's devices, by device.
type Kept = BTreeMap<DeviceId, Entries>;

fn of_an_organisation(tx: &Connection, organisation: &OrganisationId) -> Result<Kept, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT device, id, length(bytes) FROM quarantine
         WHERE organisation = ?1 AND settled IS NOT 'discarded' ORDER BY id",
    )?;
    let mut rows = statement.query([organisation.as_str()])?;
    let mut kept = Kept::new();
    while let Some(row) = rows.next()? {
        let entry = (row.get(1)?, sql::natural(row, 2)?);
        kept.entry(sql::device(row, 0)?)
            .or_default()
            .push_back(entry);
    }
    Ok(kept)
}

/// The entries that go so that the rest is at most so many, and so many bytes. Each time the
/// device that has most loses its oldest: one that has little keeps all of it.
fn giving_way(mut kept: Kept, most: u64, most_bytes: u64) -> Vec<i64> {
    let number = |of: &Entries| of.len() as u64;
    let bytes = |of: &Entries| of.iter().map(|(_, bytes)| bytes).sum::<u64>();
    let mut going = Vec::new();
    loop {
        let all = kept.values();
        let by: &dyn Fn(&Entries) -> u64 = if all.clone().map(bytes).sum::<u64>() > most_bytes {
            &bytes
        } else if all.map(number).sum::<u64>() > most {
            &number
        } else {
            return going;
        };
        let most_of_all = kept.values_mut().max_by_key(|of| by(of));
        going.extend(most_of_all.and_then(VecDeque::pop_front).map(|(id, _)| id));
    }
}

fn discard(
    tx: &Connection,
    undo: i64,
    device: DeviceId,
    by: Actor,
    now: Instant,
) -> Result<u64, StoreError> {
    let discarded = tx
        .prepare_cached(
            "UPDATE quarantine SET settled = 'discarded', bytes = x'' WHERE id IN
               (SELECT id FROM quarantine WHERE device = ?1 AND settled IS NULL LIMIT ?2)",
        )?
        .execute(params![device.as_bytes(), DISCARDED_AT_ONCE])? as u64;
    if discarded > 0 {
        tx.prepare_cached("UPDATE undos SET discarded = discarded + ?2 WHERE id = ?1")?
            .execute(params![undo, sql::signed(discarded)])?;
        let entry = Entry {
            at: now,
            by,
            action: "quarantine.discard",
            subject: device.to_string(),
            detail: format!("entries={discarded} undo={undo}"),
        };
        audit::record(tx, &entry)?;
    }
    Ok(discarded)
}

#[cfg(test)]
mod tests {
    use sync_core::authority::Capacity;
    use sync_core::model::Kind;

    use super::*;
    use crate::outreach::store::log::{LogStore, Submission};
    use crate::outreach::sync::testing::{City, NOW};

    fn refused(n: i64, bytes: usize) -> Refused {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&n.to_be_bytes());
        Refused {
            document: DocumentId::from_bytes(id),
            kind: Kind::Place,
            code: "malformed",
            detail: String::new(),
            bytes: vec![1; bytes],
        }
    }

    fn of(device: u8, organisation: &str) -> Scope {
        Scope {
            device: DeviceId::from_bytes([device; 8]),
            organisation: organisation.parse().unwrap(),
            by: Actor::SERVER,
            act: None,
            capacity: Capacity::Worker,
        }
    }

    async fn send(city: &City, scope: &Scope, refused: Vec<Refused>) {
        let submission = Submission {
            scope: scope.clone(),
            now: NOW,
            appends: Vec::new(),
            refused,
        };
        city.store.submit(submission).await.unwrap();
    }

    async fn kept(city: &City, scope: &Scope) -> usize {
        let organisation = scope.organisation.clone();
        let all = city.store.quarantined(organisation, 5_000).await.unwrap();
        all.iter().filter(|q| q.device == scope.device).count()
    }

    #[tokio::test]
    async fn rubbish_pushes_out_its_own_senders_and_nobody_elses() {
        let city = City::new().await;
        let honest = of(1, "forening-a");
        send(&city, &honest, vec![refused(0, 10), refused(1, 10)]).await;
        let stranger = of(2, "forening-b");
        send(&city, &stranger, vec![refused(0, 10)]).await;
        let discarded = city
            .store
            .quarantined(honest.organisation.clone(), 1)
            .await
            .unwrap()
            .remove(0)
            .id;
        let organisation = honest.organisation.clone();
        let by = honest.by;
        let settled =
            city.store
                .settle_quarantined(organisation, discarded, Settled::Discarded, by, NOW);
        assert!(settled.await.unwrap());
        // Seven phones of the organisation, each as much as it may have and more.
        for device in 10..17 {
            let scope = of(device, "forening-a");
            for part in 0..3 {
                let all = (part * 100..part * 100 + 100).map(|n| refused(n, 10));
                send(&city, &scope, all.collect()).await;
            }
            assert!(kept(&city, &scope).await <= 200);
        }
        assert_eq!(kept(&city, &honest).await, 1);
        assert_eq!(kept(&city, &stranger).await, 1);
        let all = city.store.quarantined(honest.organisation.clone(), 5_000);
        assert_eq!(all.await.unwrap().len(), 1_000);
        // A device's own rubbish does not make the server forget what was discarded.
        let all = (1000..1300).map(|n| refused(n, 10)).collect();
        send(&city, &honest, all).await;
        assert!(
            city.store
                .was_discarded(honest.device, &refused(1, 10))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn a_device_keeps_only_so_many_bytes() {
        let city = City::new().await;
        let scope = of(1, "forening-a");
        let large = (0..100).map(|n| refused(n, 64_000)).collect();
        send(&city, &scope, large).await;
        assert_eq!(kept(&city, &scope).await, 62);
    }

    fn entries(numbers: &[(u8, u64, usize)]) -> Kept {
        let mut id = 0;
        let mut kept = Kept::new();
        for (device, bytes, times) in numbers {
            for _ in 0..*times {
                id += 1;
                let of = kept.entry(DeviceId::from_bytes([*device; 8]));
                of.or_default().push_back((id, *bytes));
            }
        }
        kept
    }

    #[test]
    fn whoever_has_most_gives_way_with_the_oldest() {
        // Three large of one device, two of another, and a small one.
        let kept = || entries(&[(1, 100, 3), (2, 100, 2), (3, 10, 1)]);
        assert_eq!(giving_way(kept(), 6, 510), [0; 0]);
        assert_eq!(giving_way(kept(), 6, 509), [1]);
        assert_eq!(giving_way(kept(), 5, 510), [1]);
        let mut down_to_one_each = giving_way(kept(), 3, 510);
        down_to_one_each.sort_unstable();
        assert_eq!(down_to_one_each, [1, 2, 4]);
        // Nothing but bytes is a reason to lose many small ones.
        assert_eq!(
            giving_way(entries(&[(1, 1, 50), (2, 90, 1)]), 60, 100),
            [51]
        );
    }

    #[tokio::test]
    async fn an_organisation_keeps_only_so_many_bytes_and_its_devices_share_them() {
        let city = City::new().await;
        let honest = of(1, "forening-a");
        send(&city, &honest, vec![refused(0, 500), refused(1, 500)]).await;
        let stranger = of(2, "forening-b");
        send(&city, &stranger, vec![refused(0, 64_000)]).await;
        // Six phones, each as much as it may have and more: 24 MB.
        for device in 10..16 {
            let all = (0..100).map(|n| refused(n, 64_000)).collect();
            send(&city, &of(device, "forening-a"), all).await;
        }
        assert_eq!(kept(&city, &honest).await, 2);
        assert_eq!(kept(&city, &stranger).await, 1);
        let mut shares = Vec::new();
        for device in 10..16 {
            shares.push(kept(&city, &of(device, "forening-a")).await);
        }
        let sum: usize = shares.iter().sum();
        assert!(
            sum * 64_000 <= 16_000_000 && (sum + 1) * 64_000 > 15_990_000,
            "{shares:?}"
        );
        // Whoever came first, and whoever came last.
        assert!(
            shares.iter().all(|share| (41..=42).contains(share)),
            "{shares:?}"
        );
    }
}
