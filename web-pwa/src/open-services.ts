import type { Services } from '$ui/services.ts'

/** What this browser does for the pages beside their core. */
export const browserServices: Services = {
  content: () => import('$platform/content.ts'),
  deskKeys: async () => (await import('$platform/team-key.ts')).browserDeskKeys(),
  visitors: () => import('$platform/feedback-api.ts'),
}
