//! The engine's own: the suite, on it.

use p256::ecdsa::SigningKey;
use rusqlite::params;
use sync_core::ids::DeviceId;
use tempfile::TempDir;

use super::Store;
use crate::outreach::store::suite::{Engine, stories_on};
use crate::outreach::sync::testing::NOW;
use crate::shared::accounts::members::Organisation;
use crate::shared::principal::{Credential, DeviceKey, MemberId, Principal, Role};

struct OnSqlite {
    store: Store,
    directory: TempDir,
}

impl Engine for OnSqlite {
    type Store = Store;

    async fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).unwrap();
        for id in ["eu-teamet", "forening-a"] {
            let organisation = Organisation {
                id: id.parse().unwrap(),
                name: format!("{id} (exempel)"),
            };
            let put = store.accounts().put_organisation(organisation, NOW);
            put.await.unwrap();
        }
        Self { store, directory }
    }

    fn store(&self) -> &Store {
        &self.store
    }

    fn reopened(self) -> Self {
        let Self { store, directory } = self;
        drop(store);
        Self {
            store: Store::open(directory.path()).unwrap(),
            directory,
        }
    }

    async fn enrol(&self, device: u8, organisation: &str, role: Role) -> Principal {
        let secret = SigningKey::from_slice(&[device; 32]).unwrap();
        let point = secret.verifying_key().to_sec1_point(false);
        let principal = Principal {
            member: MemberId(i64::from(device)),
            organisation: organisation.parse().unwrap(),
            role,
            credential: Credential::Device {
                id: DeviceId::from_bytes([device; 8]),
                key: DeviceKey::from_bytes(point.as_bytes()).unwrap(),
            },
        };
        let enrolled = principal.clone();
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO members (id, organisation, role, label, created_at)
                     VALUES (?1, ?2, ?3, '', 0)",
                    params![
                        enrolled.member.0,
                        enrolled.organisation.as_str(),
                        enrolled.role.as_str()
                    ],
                )?;
                tx.execute(
                    "INSERT INTO devices (id, member, public_key, token_hash, label, enrolled_at)
                     VALUES (?1, ?2, ?3, ?4, '', 0)",
                    params![
                        enrolled.device().as_bytes(),
                        enrolled.member.0,
                        enrolled.key().to_bytes(),
                        [device; 32]
                    ],
                )?;
                Ok(())
            })
            .await
            .unwrap();
        principal
    }
}

stories_on!(OnSqlite);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_leaves_the_file_though_somebody_reads_at_the_time() {
    const CANARY: &str = "KANARIEFOGEL (exempel)";
    let engine = OnSqlite::empty().await;
    let (store, file) = (engine.store(), engine.directory.path().join("lagesbild.db"));
    let named = async |name: &str| {
        let organisation = Organisation {
            id: "forening-b".parse().unwrap(),
            name: name.to_owned(),
        };
        let put = store.accounts().put_organisation(organisation, NOW);
        put.await.unwrap();
    };
    let holds = || {
        let bytes = std::fs::read(&file).unwrap();
        bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes())
    };
    named(CANARY).await;
    assert!(store.database().checkpoint().await.unwrap() && holds());

    let reader = rusqlite::Connection::open(&file).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let read = reader.query_row("SELECT count(*) FROM organisations", [], |r| r.get(0));
    assert_eq!(read, Ok(3_i64));
    named("En annan (exempel)").await;
    assert!(!store.database().checkpoint().await.unwrap() && holds());
    // It reads for longer than one try has patience.
    let read = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(600));
        drop(reader);
    });
    assert!(store.database().scrub().await.unwrap() && !holds());
    read.join().unwrap();
}
