//! Draws: places chosen at random among those of a period that nobody has seen
//! yet, so that they can stand for the places that nobody chooses.

use sync_core::time::Instant;

use super::Answer;
use crate::outreach::projection::{DrawView, Period};
use crate::shared::principal::Actor;

/// A draw to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawRequest {
    /// For which period.
    pub period: Period,
    /// The number of places.
    pub count: usize,
    /// Random bits from the caller.
    pub seed: u64,
    /// The time of the draw, by the server's clock.
    pub now: Instant,
    /// The member who asked; none when the server draws by itself.
    pub by: Actor,
}

/// The result of asking for a draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawing {
    /// The draw was made.
    Made(DrawView),
    /// There is one already: a second would let somebody choose.
    AlreadyMade(DrawView),
    /// It is not time yet.
    NotDue,
    /// There is no place that could be drawn: none is known, or all were seen.
    NothingToDraw,
}

/// Operations on the draws.
pub trait DrawStore {
    /// Makes the period's draw now.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn draw_places(&self, request: DrawRequest) -> impl Answer<Drawing>;

    /// Reads the period's draw.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn draw(&self, period: Period) -> impl Answer<Option<DrawView>>;

    /// Makes the period's draw when half of the period has passed.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    fn draw_if_due(&self, request: DrawRequest) -> impl Answer<Drawing>
    where
        Self: Sync,
    {
        async move {
            if request.now < request.period.half_way() {
                return Ok(Drawing::NotDue);
            }
            if let Some(view) = self.draw(request.period).await? {
                return Ok(Drawing::AlreadyMade(view));
            }
            self.draw_places(request).await
        }
    }
}
