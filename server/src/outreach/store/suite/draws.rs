//! Chance chooses among the places of a period that nobody has seen.

use super::{Engine, record};
use crate::outreach::store::port::draws::{DrawRequest, DrawStore, Drawing};
use crate::outreach::sync::testing::{HOUR, NOW, Phone, count, id, place, visit};
use crate::shared::principal::Actor;
use sync_core::time::Instant;
use sync_core::time::Period;

/// Twelve weeks around [`NOW`].
fn period() -> Period {
    Period::of(NOW.night(), 84)
}

fn asked(count: usize, now: Instant) -> DrawRequest {
    DrawRequest {
        period: period(),
        count,
        seed: 7,
        now,
        by: Actor::SERVER,
    }
}

async fn city<E: Engine>(places: u32) -> (E, Phone) {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    for n in 1..=places {
        record(engine.store(), &mut anna, id(n), &place("Parken")).await;
    }
    (engine, anna)
}

pub(in super::super) async fn a_period_is_drawn_once<E: Engine>() {
    let (engine, _) = city::<E>(9).await;
    let Drawing::Made(view) = engine.store().draw_places(asked(3, NOW)).await.unwrap() else {
        panic!("there was none")
    };
    assert_eq!((view.seed, view.places.len()), (7, 3));
    assert_eq!(view.places[0].district, "sodermalm");
    let engine = engine.reopened();
    let again = engine.store().draw_places(asked(5, NOW)).await.unwrap();
    assert_eq!(again, Drawing::AlreadyMade(view.clone()));
    assert_eq!(engine.store().draw(period()).await.unwrap(), Some(view));
    let before = engine.store().draw(period().earlier(1)).await.unwrap();
    assert_eq!(before, None);
}

pub(in super::super) async fn nothing_is_drawn_before_half_of_the_period_nor_from_nothing<
    E: Engine,
>() {
    let (engine, _) = city::<E>(0).await;
    let half = period().half_way();
    let early = engine
        .store()
        .draw_if_due(asked(3, Instant(half.0 - 1)))
        .await;
    assert_eq!(early.unwrap(), Drawing::NotDue);
    let nothing = engine.store().draw_if_due(asked(3, half)).await.unwrap();
    assert_eq!(nothing, Drawing::NothingToDraw);
    // And the period's draw is still to be made.
    let mut anna = Phone::new(1, "eu-teamet");
    record(engine.store(), &mut anna, id(1), &place("Parken")).await;
    let made = engine.store().draw_if_due(asked(3, half)).await.unwrap();
    assert!(matches!(made, Drawing::Made(_)), "{made:?}");
    let again = engine.store().draw_if_due(asked(3, half)).await.unwrap();
    assert!(matches!(again, Drawing::AlreadyMade(_)), "{again:?}");
}

pub(in super::super) async fn a_drawn_place_is_visited_once_it_was_seen_whole<E: Engine>() {
    let (engine, mut anna) = city::<E>(2).await;
    // Seen before the draw: it cannot be drawn.
    let seen = visit(id(1), NOW, &[count(3)]);
    record(engine.store(), &mut anna, id(11), &seen).await;
    let later = Instant(NOW.0 + HOUR);
    engine.store().draw_places(asked(2, later)).await.unwrap();
    let drawn = async || {
        let view = engine.store().draw(period()).await.unwrap().unwrap();
        let places = view.places.iter().map(|p| (p.place, p.visited));
        places.collect::<Vec<_>>()
    };
    assert_eq!(drawn().await, [(id(2), false)]);
    let seen = visit(id(2), Instant(later.0 + HOUR), &[count(0)]);
    record(engine.store(), &mut anna, id(12), &seen).await;
    assert_eq!(drawn().await, [(id(2), true)]);
}
