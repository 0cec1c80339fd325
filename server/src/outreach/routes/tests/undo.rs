//! Taking back what one device said, over the real routes.

use axum::http::StatusCode;
use serde_json::{Value, json};
use sync_core::document::Document;
use sync_core::ids::{DocumentId, SessionId, actor};
use sync_core::model::Content;
use sync_core::protocol::Offer;
use sync_core::time::Instant;

use crate::outreach::application::background::do_what_is_due;
use crate::outreach::routes::testing::{TestApp, TestDevice, pull};
use crate::outreach::store::log::{Found, LogStore, Stored};
use crate::outreach::store::rebuild::RebuildStore;
use crate::outreach::store::undos::{NewUndo, UndoStore};
use crate::outreach::sync::undo;
use crate::shared::audit::show::Filter;
use crate::shared::principal::Actor;
use crate::shared::principal::Role;

async fn stored(app: &TestApp, id: DocumentId) -> Stored {
    match app.state.store.find(vec![id]).await.unwrap().pop() {
        Some(Found::Document(stored)) => stored,
        other => panic!("{other:?}"),
    }
}

fn load(stored: &Stored) -> Document {
    let chunks: Vec<&[u8]> = stored.chunks.iter().map(Vec::as_slice).collect();
    Document::load(stored.kind, &chunks).unwrap()
}

async fn place(app: &TestApp, id: DocumentId) -> Value {
    match load(&stored(app, id).await).content().unwrap() {
        Content::Place(place) => serde_json::to_value(place).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Changes a place from a phone.
async fn edit(app: &TestApp, who: &TestDevice, id: DocumentId, change: impl FnOnce(&mut Value)) {
    let stored = stored(app, id).await;
    let mut document = load(&stored);
    let base = place(app, id).await;
    let mut next = base.clone();
    change(&mut next);
    let known_heads = document.heads();
    let by = actor(who.id, SessionId::from_bytes([9; 8]));
    let made = document.edit(by, &base, &next, app.state.now()).unwrap();
    let mut request = pull(0);
    request.batch.push(Offer {
        document: id,
        kind: stored.kind,
        known_heads,
        changes: vec![made.unwrap().bytes.into()],
        relayed: None,
    });
    let reply = app.exchange(who, &request).await;
    assert_eq!(reply.results[0].rejected, None);
}

/// Waits until an undo is done; gives it.
async fn done(app: &TestApp, id: &Value, who: &TestDevice) -> Value {
    for _ in 0..500 {
        do_what_is_due(&app.state).await;
        let path = format!("/undos/{id}");
        let reply = app.get(&path).bearer(&who.token).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json);
        if !reply.json["undo"]["done_at"].is_null() {
            return reply.json;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the undo is not done");
}

/// A phone was stolen: it renamed a colleague's place and made one of its own.
struct Stolen {
    app: TestApp,
    thief: TestDevice,
    coordinator: TestDevice,
    theirs: DocumentId,
    own: DocumentId,
}

const SINCE: &str = "2026-01-31T20:30:00Z";

async fn stolen() -> Stolen {
    let app = TestApp::new().await;
    let colleague = app.enrolled(Role::Worker, "eu-teamet").await;
    let thief = app.enrolled(Role::Worker, "eu-teamet").await;
    let coordinator = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let (theirs, own) = (
        DocumentId::from_bytes([1; 16]),
        DocumentId::from_bytes([2; 16]),
    );
    app.place(&colleague, 1).await;
    // Before it was stolen: this stays.
    edit(&app, &thief, theirs, |place| {
        place["note"] = json!("bakom muren");
    })
    .await;
    app.pass(3_600_000);
    edit(&app, &thief, theirs, |place| {
        place["name"] = json!("Ingenstans");
        place["note"] = json!("");
    })
    .await;
    app.place(&thief, 2).await;
    edit(&app, &colleague, theirs, |place| {
        place["district"] = json!("norrmalm");
    })
    .await;
    app.revoke(thief.id).await;
    Stolen {
        app,
        thief,
        coordinator,
        theirs,
        own,
    }
}

#[tokio::test]
async fn what_a_stolen_phone_said_is_taken_back_and_back_again() {
    let Stolen {
        app,
        thief,
        coordinator,
        theirs,
        own,
    } = stolen().await;
    let before = place(&app, theirs).await;
    let path = format!("/devices/{}/undo", thief.id);
    let preview = app
        .get(&format!("{path}?since={SINCE}"))
        .bearer(&coordinator.token)
        .send()
        .await;
    assert_eq!(preview.json["documents"], 2, "{}", preview.json);
    assert_eq!(preview.json["needs_second"], false);
    let change = &preview.json["changes"][0];
    assert_eq!(change["place"], "Ingenstans");
    assert_eq!(
        change["fields"],
        json!([
            {"field": "name", "was": "Ingenstans", "becomes": "Under bron (exempel)"},
            {"field": "note", "was": "", "becomes": "bakom muren"},
        ])
    );
    assert_eq!(
        preview.json["changes"][1]["fields"][0]["field"],
        "withdrawn"
    );

    let order = json!({"since": SINCE, "quarantine": true});
    let undo = || {
        app.post(&path)
            .bearer(&coordinator.token)
            .json(&order)
            .send()
    };
    let begun = undo().await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.json);
    let first = done(&app, &begun.json["undo"], &coordinator).await;
    assert_eq!(first["undo"]["documents"], 2, "{first}");
    assert_eq!(first["undo"]["fields"], 3);
    let mut expected = before.clone();
    expected["name"] = json!("Under bron (exempel)");
    expected["note"] = json!("bakom muren");
    assert_eq!(place(&app, theirs).await, expected);
    assert_eq!(place(&app, own).await["withdrawn"], true);

    // The undo itself is taken back.
    let back = format!("/undos/{}/take-back", begun.json["undo"]);
    let begun = app.post(&back).bearer(&coordinator.token).send().await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.json);
    done(&app, &begun.json["undo"], &coordinator).await;
    assert_eq!(place(&app, theirs).await, before);
    assert_eq!(place(&app, own).await["withdrawn"], false);
    let again = format!("/undos/{}/take-back", begun.json["undo"]);
    let again = app.post(&again).bearer(&coordinator.token).send().await;
    again.is_problem(StatusCode::CONFLICT, "undo_of_undo");

    // And made once more, which changes what it changed at first.
    let begun = undo().await;
    done(&app, &begun.json["undo"], &coordinator).await;
    assert_eq!(place(&app, theirs).await, expected);
    assert_eq!(place(&app, own).await["withdrawn"], true);
    let list = app.get("/undos").bearer(&coordinator.token).send().await;
    assert_eq!(list.json["undos"].as_array().unwrap().len(), 3);
    assert_eq!(list.json["undos"][2]["taken_back_by"], 2);
    let rebuilt = app.state.store.rebuild().await.unwrap();
    assert_eq!(rebuilt.differences, []);
}

#[tokio::test]
async fn a_preview_that_is_cut_counts_what_it_does_not_show() {
    let Stolen { app, thief, .. } = stolen().await;
    let all = undo::preview(&app.state.store, thief.id, Instant(0), 200).await;
    let (previews, documents) = all.unwrap();
    assert_eq!((previews.len(), documents), (2, 2));
    let cut = undo::preview(&app.state.store, thief.id, Instant(0), 1).await;
    let (previews, documents) = cut.unwrap();
    assert_eq!((previews.len(), documents), (1, 2));
}

#[tokio::test]
async fn others_undos_do_not_push_out_ones_own() {
    let Stolen {
        app,
        thief,
        coordinator,
        ..
    } = stolen().await;
    let stranger = app.enrolled(Role::Administrator, "forening-a").await;
    let ordered = |device, n| NewUndo {
        device,
        since: Instant(0),
        of: None,
        session: SessionId::from_bytes([n; 8]),
        by: Actor::SERVER,
    };
    let store = &app.state.store;
    let own = store
        .begin_undo(ordered(thief.id, 0), app.state.now())
        .await;
    for n in 1..=101 {
        let others = ordered(stranger.id, n);
        store.begin_undo(others, app.state.now()).await.unwrap();
    }
    let reply = app.get("/undos").bearer(&coordinator.token).send().await;
    let undos = reply.json["undos"].as_array().unwrap();
    assert_eq!(undos.len(), 1, "{}", reply.json);
    assert_eq!(
        (&undos[0]["id"], &reply.json["all"]),
        (&json!(own.unwrap()), &json!(1))
    );
}

#[tokio::test]
async fn an_administrator_takes_back_without_reading() {
    let Stolen {
        app, thief, theirs, ..
    } = stolen().await;
    let administrator = app.enrolled(Role::Administrator, "forening-a").await;
    let path = format!("/devices/{}/undo", thief.id);
    let preview = app
        .get(&format!("{path}?since={SINCE}"))
        .bearer(&administrator.token)
        .send()
        .await;
    let fields = &preview.json["changes"][0]["fields"];
    assert_eq!(
        fields[0],
        json!({"field": "name", "was": null, "becomes": null}),
        "{}",
        preview.json
    );
    let begun = app
        .post(&path)
        .bearer(&administrator.token)
        .json(&json!({"since": SINCE}))
        .send()
        .await;
    done(&app, &begun.json["undo"], &administrator).await;
    assert_eq!(place(&app, theirs).await["note"], "bakom muren");
}

#[tokio::test]
async fn another_organisations_coordinator_needs_a_second_person() {
    let Stolen {
        app,
        thief,
        coordinator,
        theirs,
        ..
    } = stolen().await;
    let other = app.enrolled(Role::Coordinator, "forening-a").await;
    let path = format!("/devices/{}/undo", thief.id);
    let asked = app
        .post(&path)
        .bearer(&other.token)
        .json(&json!({"since": SINCE}))
        .send()
        .await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.json);
    assert_eq!(place(&app, theirs).await["name"], "Ingenstans");
    let confirm = format!("/acts/{}/confirm", asked.json["id"]);
    let reply = app.post(&confirm).bearer(&coordinator.token).send().await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.json);
    done(&app, &json!(1), &coordinator).await;
    assert_eq!(place(&app, theirs).await["note"], "bakom muren");
}

#[tokio::test]
async fn who_did_what_with_a_place_is_said_to_a_coordinator() {
    let Stolen {
        app, thief, theirs, ..
    } = stolen().await;
    let other = app.enrolled(Role::Coordinator, "forening-a").await;
    let path = format!("/documents/{theirs}/history");
    let reply = app.get(&path).bearer(&other.token).send().await;
    let changes = reply.json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 4, "{}", reply.json);
    assert_eq!(changes[3]["made"], true);
    assert_eq!(changes[1]["device"], thief.id.to_string());
    assert_eq!(changes[1]["organisation"], "eu-teamet");
    assert_eq!(changes[1]["role"], "worker");
    assert_eq!(changes[1]["fields"], json!(["name", "note"]));
    assert_eq!(changes[1]["received_at"], "2026-01-31T21:00:00Z");
    assert_eq!(reply.json["all"], 4);
    // What was cut off can be had, and is not taken for all there is.
    let rest = app.get(&format!("{path}?from=3"));
    let rest = rest.bearer(&other.token).send().await.json;
    assert_eq!(rest["changes"].as_array().unwrap().len(), 1, "{rest}");
    assert_eq!(
        (&rest["changes"][0], &rest["all"]),
        (&changes[3], &json!(4))
    );
    // The audit names the document of each, and who asked.
    let filter = Filter {
        subject: Some(theirs.to_string()),
        ..Filter::default()
    };
    let (rows, _) = app
        .state
        .store
        .database()
        .audit_rows(filter, 0)
        .await
        .unwrap();
    let did: Vec<_> = rows
        .iter()
        .map(|r| (r.by.device, r.action.as_str()))
        .collect();
    assert_eq!(did.len(), 6, "{rows:?}");
    assert_eq!(did[1], (Some(thief.id), "sync.append"));
    assert_eq!(did[4], (Some(other.id), "document.history"));
}

#[tokio::test]
async fn an_undo_that_was_interrupted_goes_on_and_spares_what_came_later() {
    let app = TestApp::new().await;
    let thief = app.enrolled(Role::Worker, "eu-teamet").await;
    let administrator = app.enrolled(Role::Administrator, "eu-teamet").await;
    let mut request = pull(0);
    // Three portions of documents.
    for id in 1..=45 {
        request.batch.push(app.place_offer(&thief, id));
    }
    app.exchange(&thief, &request).await;
    let store = &app.state.store;
    let asked = NewUndo {
        device: thief.id,
        since: Instant(0),
        of: None,
        session: SessionId::from_bytes([7; 8]),
        by: Actor::SERVER,
    };
    let id = store.begin_undo(asked, app.state.now()).await.unwrap();
    app.place(&thief, 46).await;
    // The server ended here; another begins.
    let done = done(&app, &json!(id), &administrator).await;
    assert_eq!(done["undo"]["documents"], 45, "{done}");
    for id in 1..=45 {
        let id = DocumentId::from_bytes([id; 16]);
        assert_eq!(place(&app, id).await["withdrawn"], true);
    }
    let later = DocumentId::from_bytes([46; 16]);
    assert_eq!(place(&app, later).await["withdrawn"], false);
    // Once more does no harm, and is done.
    undo::run(store, id, app.state.now()).await.unwrap();
}
