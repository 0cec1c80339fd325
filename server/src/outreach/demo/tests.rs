use super::*;
use crate::config::stockholm_districts;
use crate::outreach::reports::Reports;
use crate::outreach::store::rebuild::RebuildStore;
use crate::outreach::store::statistics::StatisticsStore;
use sync_core::time::Instant;

/// Saturday 2024-06-22, 23:00 in Stockholm: well into a period.
const TODAY: Instant = Instant(1_719_090_000_000);

fn persons(n: u64) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}

async fn city(seed: u64) -> (tempfile::TempDir, Store, Truth) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    let options = DemoOptions {
        seed,
        places: 80,
        weeks: 12,
        today: TODAY,
        drawn: 8,
    };
    let truth = make(&store, &options).await.unwrap();
    (directory, store, truth)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_has_an_estimate_that_can_be_held_against_the_truth() {
    let (_directory, store, truth) = city(1).await;
    let districts = stockholm_districts();
    let last = Period::of(TODAY.night(), PERIOD_DAYS);
    let reports = Reports::default()
        .reports(&store, last, 12, &districts, TODAY)
        .await
        .unwrap();
    assert_eq!(reports.len(), truth.periods.len());
    let mut figures = 0;
    for (report, period) in reports.iter().zip(&truth.periods).skip(1) {
        let Some(figure) = report.estimate else {
            continue;
        };
        figures += 1;
        let aim = period.average_night * truth.detection;
        assert!(report.seen.persons <= figure.low + 1);
        // One city: no test of the interval's coverage, only of its sense.
        assert!(
            persons(figure.low) * 0.7 < aim && aim < persons(figure.high) * 1.3,
            "{figure:?} {aim}"
        );
        let parts = report.seen.adults + report.seen.children + report.seen.unknown;
        assert_eq!(parts, report.seen.persons);
        let coverage = report.coverage;
        assert_eq!(
            coverage.places,
            coverage.visited + coverage.partly + coverage.no_access + coverage.not_visited
        );
    }
    assert!(
        figures >= 2,
        "{:?}",
        reports.iter().map(|r| &r.refusal).collect::<Vec<_>>()
    );
    assert!(store.rebuild().await.unwrap().differences.is_empty());
    let refused = make(
        &store,
        &DemoOptions {
            seed: 1,
            places: 1,
            weeks: 1,
            today: TODAY,
            drawn: 8,
        },
    );
    assert!(matches!(refused.await, Err(DemoError::NotEmpty)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_city() {
    let (_a, first, truth) = city(7).await;
    let (_b, second, again) = city(7).await;
    assert_eq!(truth, again);
    let period = Period::of(TODAY.night(), PERIOD_DAYS);
    let one = first.period_facts(period).await.unwrap();
    assert_eq!(one, second.period_facts(period).await.unwrap());
    assert!(one.input.draw_seed.is_some());
}
