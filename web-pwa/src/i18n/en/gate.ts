import type { GateTexts } from '../sv/gate.ts'

/** Why a phone cannot be worked on, and what to do, in English. */
export const gate: GateTexts = {
  otherTabTitle: 'The app is open in another tab',
  otherTabHelp:
    'Only one tab at a time writes, so that nothing collides. Use the other tab, or take over here.',
  takeOver: 'Use here',
  evictedTitle: 'The phone has cleared the app',
  evictedHelp:
    'The browser removed what was saved here. What the server received is still there, and comes back when you connect again. Ask the coordinator for a new link.',
  erasedTitle: 'The phone is disconnected',
  erasedHelp:
    'The coordinator has disconnected the phone. What was saved here has been erased. Ask for a new link if it was a mistake.',
  updateTitle: 'Update the app',
  updateHelp:
    'What is saved was written by a newer version than this one. Update to go on. Nothing is gone.',
  failedTitle: 'The app could not open what is saved',
  failedHelp: 'Nothing has been erased. Reload the app. If it happens again, tell the coordinator.',
  reload: 'Reload',
}
