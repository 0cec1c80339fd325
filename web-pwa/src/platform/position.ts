import type { Position } from '$core/outreach/field-core.ts'

/** Returns the phone's position; `null` when it is refused or cannot be found in time. */
export function currentPosition(): Promise<Position | null> {
  if (!('geolocation' in navigator)) return Promise.resolve(null)
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        const { latitude, longitude, accuracy } = coords
        resolve({ latitude, longitude, accuracy, at: timestamp })
      },
      () => resolve(null),
      { enableHighAccuracy: true, maximumAge: 30_000, timeout: 10_000 },
    )
  })
}
