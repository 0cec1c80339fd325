/** Browsers inside other apps: what is stored in one is not where the person will look for it. */

const APPS: readonly [RegExp, string][] = [
  [/FBAN|FBAV|FB_IAB/, 'Facebook'],
  [/Instagram/, 'Instagram'],
  [/WhatsApp/, 'WhatsApp'],
  [/Snapchat/, 'Snapchat'],
  [/musical_ly|BytedanceWebview/, 'TikTok'],
  [/LinkedInApp/, 'LinkedIn'],
  [/Teams(Mobile)?[/-]/, 'Teams'],
  [/Slack/, 'Slack'],
  [/\bGSA\//, 'Google'],
  [/\bLine\//, 'LINE'],
]

/** Returns the app that shows this page inside itself; `''` when it does not say its name, `null` in a browser. */
export function inAppBrowser(agent: string): string | null {
  const app = APPS.find(([pattern]) => pattern.test(agent))
  if (app !== undefined) return app[1]
  // Android's WebView says so; on iOS only Safari and other browsers say Safari.
  if (/; wv\)/.test(agent)) return ''
  if (/\b(iPhone|iPad|iPod)\b/.test(agent) && !/Safari\//.test(agent)) return ''
  return null
}
