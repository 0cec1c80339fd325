//! Random histories.

use super::*;
use crate::outreach::store::erasure::ErasureStore;
use crate::outreach::store::log::{Found, LogStore};
use crate::outreach::store::rebuild::RebuildStore;
use crate::shared::principal::Actor;
use proptest::prelude::*;

/// A content of the same kind with one more edit, for random histories.
fn scramble(content: &mut Content, n: u32) {
    match content {
        Content::Visit(visit) => match n % 4 {
            0 => visit.withdrawn = !visit.withdrawn,
            1 => visit.place = id(n % 5),
            2 => visit.started = Instant(NOW.0 - i64::from(n % 6) * DAY),
            _ => {
                let record = sync_core::ids::RecordId::from_bytes(u64::from(n).to_be_bytes());
                visit.counts.insert(record, count(n % 20));
            }
        },
        Content::Place(place) => match n % 3 {
            0 => place.same_as = None,
            1 => place.same_as = Some(id(n % 5)),
            _ => place.withdrawn = !place.withdrawn,
        },
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever happens, in whatever order: the read model is what a
    /// rebuild from the log and the archive gives.
    #[test]
    fn rows_are_a_function_of_the_documents(steps in proptest::collection::vec((0_u8..10, 0_u32..1_000), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let city = City::new().await;
            let mut phones = [Phone::new(1, "eu-teamet"), Phone::new(2, "forening-a")];
            for (n, (step, value)) in (0_u32..).zip(steps) {
                let phone = &mut phones[n as usize % 2];
                let known: Vec<_> = phone.documents.keys().copied().collect();
                let offer = match step {
                    0 | 1 if !phone.documents.contains_key(&id(value % 5)) && n > 3 => {
                        phone.sync(&city.store, vec![]).await;
                        if phone.documents.contains_key(&id(value % 5)) { continue }
                        phone.create(id(value % 5), &place("Parken"), NOW)
                    }
                    2..=4 => {
                        let at = Instant(NOW.0 - i64::from(value % 6) * DAY);
                        phone.create(id(100 + n), &visit(id(value % 5), at, &[count(value % 30)]), NOW)
                    }
                    5..=7 if !known.is_empty() => {
                        let target = known[value as usize % known.len()];
                        let document = &phone.documents[&target];
                        let before = document.content().unwrap();
                        let mut after = before.clone();
                        scramble(&mut after, value);
                        if before == after { continue }
                        // What phones may not say later, the desk says.
                        let counted = |c: &Content| match c {
                            Content::Visit(visit) => visit.counts.len(),
                            _ => 0,
                        };
                        if counted(&before) == counted(&after) {
                            if city.store.find(vec![target]).await.unwrap()[0] != Found::Erased {
                                at_desk(&city.store, target, move |c| scramble(c, value)).await;
                            }
                            continue;
                        }
                        let device = phone.scope.device;
                        phone.edit(target, NOW, |c| {
                            *c = after;
                            as_visit(c).counts.values_mut().for_each(|c| c.observer = device);
                        })
                    }
                    8 if !known.is_empty() => {
                        city.store.erase(known[value as usize % known.len()], Actor::SERVER, NOW).await.unwrap();
                        continue;
                    }
                    _ => {
                        phone.sync(&city.store, vec![]).await;
                        continue;
                    }
                };
                phone.sync(&city.store, vec![offer]).await;
            }
            let rebuilt = city.store.rebuild().await.unwrap();
            assert_eq!(rebuilt.differences, []);
        });
    }
}
