//! Which streams are open: a few a device, the oldest ends for a new one.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use sync_core::ids::DeviceId;
use tokio::sync::Notify;

/// Most streams of one device: a phone has one, a desk one a window.
pub(crate) const MOST_STREAMS: usize = 4;

type Open = HashMap<DeviceId, VecDeque<Arc<Notify>>>;

/// The open streams of all devices.
#[derive(Debug, Default)]
pub(crate) struct Streams(Arc<Mutex<Open>>);

impl Streams {
    /// Opens one; the device's oldest ends when it has too many.
    pub(crate) fn open(&self, device: DeviceId) -> Listener {
        let end = Arc::new(Notify::new());
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.entry(device).or_default();
        own.push_back(Arc::clone(&end));
        if own.len() > MOST_STREAMS
            && let Some(oldest) = own.pop_front()
        {
            oldest.notify_one();
        }
        Listener {
            open: Arc::clone(&self.0),
            device,
            end,
        }
    }
}

/// Whoever listens to one; it closes when this is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    open: Arc<Mutex<Open>>,
    device: DeviceId,
    end: Arc<Notify>,
}

impl Listener {
    /// Ends when the device has opened too many others since.
    pub(crate) async fn told_to_end(&self) {
        self.end.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.device) {
            own.retain(|end| !Arc::ptr_eq(end, &self.end));
            if own.is_empty() {
                open.remove(&self.device);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn the_fifth_stream_of_a_device_ends_its_oldest() {
        let streams = Streams::default();
        let device = DeviceId::from_bytes([1; 8]);
        let other = streams.open(DeviceId::from_bytes([2; 8]));
        let own: Vec<_> = (0..5).map(|_| streams.open(device)).collect();
        let told = |listener: &Listener| listener.told_to_end().now_or_never().is_some();
        let ended: Vec<_> = own.iter().map(told).collect();
        assert_eq!(ended, [true, false, false, false, false]);
        assert!(!told(&other));
        drop((own, other));
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
