import type { Services } from '$ui/services.ts'

/** The browser's services for pages, beside their core. */
export const browserServices: Services = {
  content: () => import('$platform/content.ts'),
  deskKeys: async () => (await import('$platform/team-key.ts')).browserDeskKeys(),
  visitors: () => import('$platform/feedback-api.ts'),
}
