//! Two phones of one organisation and one of another record the same night
//! without network; then the server starts.

use anyhow::{Context, Result};
use lagesbild_tests::client::Client;
use lagesbild_tests::phone::{Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_apart_meets_once() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let data = directory.path().join("data");
    let path = data.to_str().context("path")?;
    run(&["organisation", "--data", path, "eu-teamet", "EU-teamet"])?;
    run(&["organisation", "--data", path, "forening-a", "Förening A"])?;
    let server = Server::start(&data)?;
    let client = Client::new(&server.base);
    let mut one = Phone::enrol(&client, &server.invite("worker", "eu-teamet")?).await?;
    let mut two = Phone::enrol(&client, &server.invite("worker", "eu-teamet")?).await?;
    let mut other = Phone::enrol(&client, &server.invite("worker", "forening-a")?).await?;

    let place = one.create(sample::place("Bron", "sodermalm", now()))?;
    let record = Phone::record_id()?;
    let visit = one.create(sample::visit(
        place,
        record,
        sample::count(one.device, now(), 4),
    ))?;
    one.sync().await?;
    two.sync().await?;
    other.sync().await?;
    assert!(two.row(visit).is_some(), "the colleague sees the visit");
    assert!(
        other.row(visit).is_none(),
        "the other organisation does not"
    );
    assert!(other.row(place).is_some(), "but it sees the place");
    assert_eq!(other.coverage().last().map(|c| c.count), Some(Some(4)));

    // The server is gone; everybody goes on.
    server.stop()?;
    let key = record.to_string();
    one.edit(visit, |v| v["counts"][&key]["adults"] = 5.into())?;
    two.edit(visit, |v| v["counts"][&key]["adults"] = 7.into())?;
    two.edit(visit, |v| v["note"] = "vid kajen".into())?;
    other.create(sample::visit(
        place,
        Phone::record_id()?,
        sample::count(other.device, now(), 9),
    ))?;
    assert!(one.sync().await.is_err(), "there is no server");
    one.restart()?;
    assert_eq!(one.unsent(), 1, "nothing is lost");

    let server = Server::start(&data)?;
    let client = Client::new(&server.base);
    for phone in [&mut one, &mut two, &mut other] {
        phone.connect(&client);
        assert_eq!(phone.sync().await?.round_trips, 1);
        assert_eq!(phone.unsent(), 0);
    }
    one.sync().await?;
    let row = one.row(visit).context("the visit")?;
    assert_eq!(row.view.content["note"], "vid kajen");
    assert_eq!(row.view.conflicts.len(), 1, "both values are shown");
    assert_eq!(
        row.view.conflicts[0].path,
        ["counts", &record.to_string(), "adults"]
    );
    assert_eq!(Some(&row.view), two.row(visit).map(|r| &r.view));

    // Nothing acknowledged dies with the process, and the read model is what
    // the documents say.
    server.kill()?;
    let rebuilt = run(&["rebuild", "--data", path])?;
    assert!(!rebuilt.contains("differ"), "{rebuilt}");
    let server = Server::start(&data)?;
    let mut fresh = Phone::enrol(
        &Client::new(&server.base),
        &server.invite("worker", "eu-teamet")?,
    )
    .await?;
    fresh.sync().await?;
    assert_eq!(fresh.row(visit).map(|r| &r.view), Some(&row.view));
    Ok(())
}
