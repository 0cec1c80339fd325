import { plural } from './plural.ts'
import type { MethodTexts } from '../sv/method.ts'

/** The texts of the page that explains the numbers, in English. */
export const method: MethodTexts = {
  title: 'How this is calculated',
  lead: 'We give two different numbers: how many are here on an ordinary night, and how many different people have been here during the period. Here is how they came about, step by step, with this period’s own figures.',
  table: 'Show as a table',
  none: 'none',

  night: {
    title: 'An ordinary night',
    count: {
      title: 'We count what we see',
      places: (visited, places) => `${visited} of ${places} places have been seen as a whole.`,
      seen: (persons) =>
        `Together they held ${persons} persons on an ordinary night. So many have been seen for certain.`,
      median:
        'When several counted the same place on the same night the middle number stands, never the sum. Otherwise they would become more the more people count.',
      partly: (n) =>
        plural(n, {
          one: '1 place was seen only in part: what was seen there is a least number.',
          other: `${n} places were seen only in part: what was seen there is a least number.`,
        }),
      recounted: (n, phi) =>
        plural(n, {
          one: `Once a place was counted twice on one night. This is how much the counts differed, compared with pure chance: ${phi}.`,
          other: `${n} times a place was counted twice on one night. This is how much the counts differed, compared with pure chance: ${phi}.`,
        }),
      notRecounted:
        'No place has been counted twice on one night, so how uncertain a count is has been assumed, not measured.',
    },
    draw: {
      title: 'We draw places',
      why: 'Whoever chooses goes where people usually are. So the server draws places among those nobody has visited, and we go there whatever we expect.',
      done: (visited, places, seed) =>
        `${visited} of ${places} drawn places have been visited after the draw. The seed of the draw is ${seed}: with it anybody can make it again.`,
      notYet: 'No draw has been made for this period yet.',
    },
    ratio: {
      title: 'We compare with last time',
      drawn: (places, before, ratio) =>
        `The ${places} drawn places held ${before} persons last time. Now there are ${ratio} times as many.`,
      pooled: (places, before, ratio) =>
        `There are not enough drawn places, so we compare all ${places} visited ones: ${before} persons last time, now ${ratio} times as many. The uncertainty then counts double.`,
      classes: {
        recent: 'Seen in the two weeks before the period:',
        ageing: 'Seen two to six weeks ago:',
        old: 'Seen six to thirteen weeks ago:',
      },
      corrected: (beta) =>
        `With few places the ratio tends to be a little off. Corrected for that: ${beta} (β).`,
      mean: 'The places that nobody has seen have no earlier count. They count as the visited ones on average.',
      notNeeded: 'Every place has been counted. Nothing needs to be estimated.',
      missing: 'Too few drawn places have been visited to compare.',
    },
    fill: {
      title: 'We work out the places we have not seen',
      product: (before, beta, product) =>
        `The places that nobody has seen as a whole held ${before} persons last time. ${beta} × ${before} = ${product}.`,
      stale: (n) =>
        plural(n, {
          one: '1 place has not been seen for more than three months. It is left out.',
          other: `${n} places have not been seen for more than three months. They are left out.`,
        }),
    },
    sum: {
      title: 'We add up, and say how sure it is',
      total: (seen, unseen, total) => `${seen} seen + ${unseen} estimated = ${total}.`,
      interval: (low, high) =>
        `They are probably between ${low} and ${high}. Were we to count like this period after period, about 19 intervals in 20 would hold the right number.`,
      refused: 'We give no estimate for this period:',
    },
    plot: {
      finding: (total, low, high) => `${total} on an ordinary night, probably ${low}–${high}`,
      unit: 'Persons on an ordinary night',
      seen: 'seen for certain',
      unseen: 'estimated',
      interval: 'uncertainty interval',
      total: 'together',
    },
  },

  coverage: {
    finding: (share) => `We have seen places with ${share} of those who were counted last time`,
    findingNone: 'So many of the places have been seen',
    unit: 'Places seen as a whole, by how many were there last time',
    from: (from) => `${from} or more`,
    between: (from, to) => `${from}–${to} persons`,
    size: 'Last time',
    visited: 'Seen',
    places: 'Places',
    share: 'Share',
    seen: 'seen',
    notSeen: 'not seen',
    of: (visited, places) => `${visited} of ${places}`,
  },

  people: {
    title: 'Different people during the period',
    lists: {
      title: 'Each organisation has a list',
      how: 'There are no names on it, only that somebody was met. Two encounters are linked by a code, or by the answer to whether people were met earlier in the period.',
      seen: (n) => `Together the organisations have met ${n} different people.`,
      unlinked: (n) =>
        plural(n, {
          one: '1 more person was met without a code or an answer. They may be one of the others and are left out.',
          other: `${n} more were met without a code or an answer. They may be some of the others and are left out.`,
        }),
      organisation: 'Organisation',
      people: 'People',
      used: 'Used',
      yes: 'yes',
      no: 'no, too short a list',
    },
    overlap: {
      title: 'We see how many were met by several',
      why: 'If many were met by several organisations there are not many left whom nobody met. If few were, there are many left.',
      pair: 'Two organisations',
      both: 'Met by both',
      estimate: 'Gives',
      interval: 'Interval',
    },
    strip: {
      title: 'We try several ways to calculate',
      pairFinding: (low, high) =>
        low === high ? `The pair gives ${low}` : `The pairs give from ${low} to ${high}`,
      finding: (n, low, high) =>
        plural(n, {
          one: `One model fits the data and gives ${low}`,
          other: `${n} models fit the data about equally well and give from ${low} to ${high}`,
        }),
      unit: 'Different people during the period',
      independent: 'all independent',
      together: (one, other) => `${one} and ${other} depend`,
      estimate: 'our estimate',
      model: 'model',
      interval: 'interval',
      difference: 'Worse than the best (ΔBIC)',
      bySorts: {
        pair: 'Two lists are enough for an estimate (Chapman).',
        average:
          'The estimate is a weighted mean over all the ways in which the lists may depend on each other.',
        lower_bound:
          'Only one list is long enough. It says how many there are at least, not how many at most.',
      },
    },
    links: {
      title: 'The links may be wrong',
      help: 'Missed links make the number too high. This is what it would be had we missed some:',
      found: (share) => `Links found: ${share}`,
      all: 'All links found',
    },
    assumes: {
      title: 'What we take for granted',
      items: [
        'The same people are here all through the period: few come and few go.',
        'All organisations mean the same people.',
        'The links are right.',
        'That one organisation met somebody makes it neither easier nor harder for another. If they refer people to each other the number is too low.',
        'Everybody is about equally easy to meet. Those who keep away are otherwise counted too few.',
      ],
    },
    refused: 'We give no estimate for this period:',
  },

  limits: {
    title: 'When we give no number',
    help: 'Rather no number than one that looks surer than it is. These limits were set beforehand.',
    limit: 'Limit',
    now: 'This period',
    share: (share) => `Visited places held at least ${share} of all last time`,
    drawn: (n) => `At least ${n} drawn places visited`,
    width: (n) => `The upper limit at most ${n} times the lower`,
    list: (n) => `At least ${n} people on each list that is used`,
    overlap: (n) => `At least ${n} people met by several`,
    strip: (n) => `The models differ by at most ${n} times`,
    days: (n) => `The period at most ${n} days, for different people`,
    times: (n) => `${n} times`,
    held: 'kept',
    broken: 'not kept',
    notKnown: '–',
  },

  trace: {
    title: 'For whoever wants to check',
    help: 'The same data always give the same number, to the last digit.',
    version: 'Version of the method',
    nightHash: 'Checksum of the data, a night',
    peopleHash: 'Checksum of the data, the period',
    seed: 'Seed of the draw',
    se: 'Standard error, persons',
    df: 'Degrees of freedom',
    kind: 'Way',
    kinds: {
      all_counted: 'every place counted',
      drawn_ratio: 'ratio at drawn places',
      drawn_ratio_by_age: 'ratio at drawn places, by age of the last count',
      pooled_ratio: 'ratio at all visited places',
      stratified_expansion: 'mean of visited places',
    },
  },
}
