import { expect, test } from 'vitest'
import { inAppBrowser } from './in-app.ts'

const ANDROID = 'Mozilla/5.0 (Linux; Android 14; Pixel 8'
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

test.each([
  [`${ANDROID}) ${CHROME}`, null],
  [`${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`, null],
  [`${IPHONE} CriOS/130.0 Mobile/15E148 Safari/604.1`, null],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', null],
  [`${ANDROID}; wv) AppleWebKit/537.36 Version/4.0 Chrome/130.0 Mobile Safari/537.36`, ''],
  [`${ANDROID}; wv) ${CHROME} [FB_IAB/Orca-Android;FBAV/480.0]`, 'Facebook'],
  [`${ANDROID}) ${CHROME} Instagram 340.0`, 'Instagram'],
  [`${IPHONE} Mobile/15E148`, ''],
  [`${IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/460.0]`, 'Facebook'],
  [`${IPHONE} GSA/330.0 Mobile/15E148 Safari/604.1`, 'Google'],
])('%s', (agent, app) => expect(inAppBrowser(agent)).toBe(app))
