// Generated from ../server/openapi.json by `npm run generate`: not to be changed by hand.

export type paths = Record<string, never>
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    /** @description Somebody has it. */
    AcknowledgementEntry: {
      /**
       * Format: date-time
       * @description When.
       */
      at: string
      /** @description Who, by role, and what happens next. */
      note: string
    }
    /** @description An acknowledgement. */
    AcknowledgementRequest: {
      /** @description Who takes over, by role and never by name, and what happens next; at most 200 bytes. */
      note: string
      outcome?: components['schemas']['Outcome'] | null
    }
    /** @description What waits for a second person, the oldest first. */
    Acts: {
      /** @description The acts. */
      acts: components['schemas']['PendingAct'][]
    }
    /** @description An acute need that a worker raised. */
    AlertEntry: {
      /** @description Who has said that they have it, the first one first. */
      acknowledgements: components['schemas']['AcknowledgementEntry'][]
      /** @description Calls made, the first one first. */
      calls: components['schemas']['CallEntry'][]
      /** @description The category of the agreement. */
      category: components['schemas']['Need']
      /**
       * Format: date-time
       * @description When it ended.
       */
      closed: string | null
      /** @description The code of the place's district. */
      district: string | null
      /** @description The document. */
      id: string
      /** @description What is needed. */
      note: string
      /**
       * Format: date-time
       * @description When it was raised, as the phone says.
       */
      opened: string
      /** @description Whose phone raised it. */
      organisation: components['schemas']['Organisation']
      /** @description How it ended; `open` while it has not. */
      outcome: components['schemas']['Outcome']
      /** @description What the place is called, when it is a recorded one. */
      place_name: string | null
      /**
       * Format: date-time
       * @description When the server heard of it.
       */
      received_at: string
      /** @description Whether who raised it has taken it back. */
      withdrawn: boolean
    }
    /**
     * @description Alerts: those that nobody has heard first, by their arrival, the first of each device
     *     before the second of any; then those taken back unheard, those that somebody has, the
     *     closed ones.
     */
    Alerts: {
      /** @description The alerts. */
      alerts: components['schemas']['AlertEntry'][]
      /** @description Devices that raised more than ten of those. */
      floods: components['schemas']['FloodEntry'][]
      /** @description Whether there are more: ask again with `from`. */
      more: boolean
      /**
       * Format: int32
       * @description How many nobody has heard, in all.
       */
      unheard: number
    }
    /** @description A part of a text. */
    Block:
      | {
          /** @description Its words. */
          text: components['schemas']['Span'][]
          /** @enum {string} */
          type: 'heading'
        }
      | {
          /** @description Its words. */
          text: components['schemas']['Span'][]
          /** @enum {string} */
          type: 'paragraph'
        }
      | {
          /** @description Its items. */
          items: components['schemas']['Span'][][]
          /** @description Whether its items are numbered. */
          ordered: boolean
          /** @enum {string} */
          type: 'list'
        }
    /** @enum {string} */
    Callee: 'emergency' | 'duty_service' | 'eu_team' | 'police' | 'care_advice' | 'other'
    /** @description A call about the need. */
    CallEntry: {
      /** @description Who answered, by role; empty when nobody did. */
      answered_by: string
      /**
       * Format: date-time
       * @description When.
       */
      at: string
      /** @description Who was called. */
      to: components['schemas']['Callee']
    }
    /** @description What the operator set, as far as it concerns everybody. */
    Configuration: {
      /** @description The city's districts. */
      districts: components['schemas']['District'][]
      /**
       * Format: int32
       * @description How many places are drawn a period.
       */
      drawn_places: number
      /** @description What phones seal envelopes with: an uncompressed P-256 point, base64url. */
      envelope_key: string
      /** @description Telephone numbers, the most urgent first. */
      numbers: components['schemas']['Number'][]
      /**
       * Format: int32
       * @description Length of a period, in days.
       */
      period_days: number
      /** @description When a phone locks. */
      phones: components['schemas']['PhoneLock']
    }
    /**
     * @description Which places were looked at. Every place is in one of `visited`, `partly`,
     *     `no_access` and `not_visited`.
     */
    CoverageReport: {
      /**
       * Format: int32
       * @description Visited without access.
       */
      no_access: number
      /**
       * Format: int32
       * @description Not visited.
       */
      not_visited: number
      /**
       * Format: int32
       * @description Seen in part only.
       */
      partly: number
      /**
       * Format: int32
       * @description All places in use or possibly in use.
       */
      places: number
      /**
       * Format: double
       * @description The share of the previous persons that the visited places held.
       */
      previous_share: number | null
      /**
       * Format: int32
       * @description Seen whole, and empty.
       */
      seen_empty: number
      /**
       * Format: int32
       * @description Seen whole.
       */
      visited: number
    }
    /** @enum {string} */
    Decision: 'accepted' | 'declined'
    /** @description What was decided. */
    DecisionRequest: {
      /** @description `accepted`: the place is changed as proposed; `declined`: it stays. */
      decision: components['schemas']['Decision']
    }
    /** @description A device. */
    Device: {
      /**
       * Format: date-time
       * @description When it enrolled.
       */
      enrolled_at: string
      /** @description Its id. */
      id: string
      /** @description What its owner calls it. */
      label: string
      /**
       * Format: date-time
       * @description When it last asked for something, to about ten minutes.
       */
      last_seen_at: string | null
      /** @description Whether the caller may revoke it. */
      may_revoke: boolean
      /** @description Its member's organisation. */
      organisation: components['schemas']['Organisation']
      /**
       * Format: date-time
       * @description When it was revoked.
       */
      revoked_at: string | null
      /** @description Its member's role. */
      role: components['schemas']['Role']
      /** @description What it has sent today (UTC). */
      today: components['schemas']['SentToday']
      /** @description Whether the caller may take back what it said: `no`, `with_second` or `alone`. */
      undo: components['schemas']['Right']
    }
    /** @description Devices, the newest first. */
    Devices: {
      /** @description The devices. */
      devices: components['schemas']['Device'][]
      /** @description What may be sent a day. */
      most: components['schemas']['Most']
      /** @description What their organisations' devices have sent today, together. */
      organisations: components['schemas']['OrganisationToday'][]
    }
    /** @description A district of the city. */
    District: {
      /** @description The code that places carry, e.g. `sodermalm`. */
      code: string
      /** @description The name that people read. */
      name: string
    }
    /** @description Outlines of districts. */
    DistrictMap: {
      /** @description Whose map it is, as it asks to be named; empty when it does not. */
      attribution: string
      /** @description The districts. */
      districts: components['schemas']['Outline'][]
      /** @description Whether the map is made up. */
      sample: boolean
    }
    /** @description A district. Intervals of districts are never added. */
    DistrictReport: {
      /** @description Its code. */
      code: string
      estimate: components['schemas']['Figure'] | null
      /** @description Its name; the code when the configuration does not know it. */
      name: string
      /**
       * Format: int32
       * @description Its places.
       */
      places: number
      refusal: components['schemas']['Message'] | null
      /**
       * Format: int64
       * @description Persons seen on a mean night.
       */
      seen: number
      /**
       * Format: int32
       * @description Of them seen whole.
       */
      visited: number
    }
    /** @description A draw. */
    Draw: {
      /**
       * Format: date-time
       * @description When it was made; `null` when none was made yet.
       */
      drawn_at: string | null
      /**
       * Format: date
       * @description The period's first night, `YYYY-MM-DD`.
       */
      period: string
      /** @description The drawn places, in the order in which they were drawn. */
      places: components['schemas']['DrawnPlace'][]
      /**
       * @description The seed by which the draw can be repeated, as text: not every reader holds 64 bits.
       *     `null` when none was made yet.
       */
      seed: string | null
    }
    /** @description A drawn place. */
    DrawnPlace: {
      /** @description Its district's code. */
      district: string
      /** @description What workers call it; empty when it was erased since. */
      name: string
      /** @description The place. */
      place: string
      /** @description Whether it was seen whole after the draw. */
      visited: boolean
    }
    /** @description What to draw. */
    DrawOrder: {
      /**
       * Format: int32
       * @description How many places, 1 to 200; without it, what the configuration says.
       */
      count?: number | null
    }
    /** @description The period's draw. */
    DrawReport: {
      /** @description When it was made, RFC 3339. */
      drawn_at: string | null
      /**
       * Format: int32
       * @description Drawn places.
       */
      places: number
      /**
       * Format: int32
       * @description Of them seen whole after the draw.
       */
      visited: number
    }
    /** @description What it is told. */
    Enrolled: {
      /** @description The device's id: the actor of each of its changes begins with it. */
      device: string
      /** @description The member's organisation. */
      organisation: components['schemas']['Organisation']
      /** @description The member's role. */
      role: components['schemas']['Role']
      /** @description The device's secret. Shown this once. */
      token: string
    }
    /** @description What a device says when it enrols. */
    EnrolRequest: {
      /** @description The invitation's code, from the link. */
      code: string
      /** @description What the owner calls the device; at most 60 characters, never a name. */
      label?: string
      /**
       * @description That the device holds the private key: its signature (ECDSA P-256 with SHA-256,
       *     64 bytes r‖s, base64url) over the bytes of `lagesbild enrol 1`, a zero byte, and
       *     the code. Required; an app that is too old to send it is told so.
       */
      proof: string
      /** @description The device's public key: the 65 bytes of an uncompressed P-256 point, base64url. */
      public_key: string
    }
    /** @description Everything a coordinator reads of a period. */
    EstimateReport: {
      /** @description When it was computed, RFC 3339. */
      as_of: string
      /** @description Where somebody looked. */
      coverage: components['schemas']['CoverageReport']
      /**
       * Format: int64
       * @description How far the log was read.
       */
      cursor: number
      /** @description The districts, in the order of the configuration. */
      districts: components['schemas']['DistrictReport'][]
      /** @description The draw. */
      draw: components['schemas']['DrawReport']
      estimate: components['schemas']['Figure'] | null
      /** @description How it was made. */
      method: components['schemas']['MethodReport']
      /** @description The period. */
      period: components['schemas']['PeriodReport']
      refusal: components['schemas']['Message'] | null
      /** @description Who was seen. */
      seen: components['schemas']['Seen']
      /** @description All of it in a sentence. */
      sentence: components['schemas']['Message']
      /**
       * Format: int64
       * @description The upper limit with reports of others and places long unseen besides.
       */
      upper_scenario: number | null
      /** @description What a reader should know. */
      warnings: components['schemas']['Message'][]
    }
    /** @description How far a view has come. */
    FeedbackAnswer: {
      handling: components['schemas']['Handling'] | null
      /** @description The reply; empty while there is none. */
      reply: string
    }
    /** @description It has come. */
    FeedbackReceipt: {
      /** @description With this the answer can be read. Nobody can find the one who wrote by it. */
      receipt: string
    }
    /** @description A view or a complaint. */
    FeedbackRequest: {
      /** @description The code of the page it was written on: an organisation's short name. */
      code: string
      /** @description In which language: `sv`, `en`, `ro`, `bg` … */
      language: components['schemas']['Language']
      /** @description What is to be said; at most 4,000 bytes. */
      text: string
    }
    /** @description A field that would be set back. */
    FieldSetBack: {
      /** @description What it will say. */
      becomes: unknown
      /** @description Its path, e.g. `counts/0f…/adults`. */
      field: string
      /** @description What it says, for those who may read the document; else nothing. */
      was: unknown
    }
    /**
     * @description A number of persons with its 95 % interval, in whole persons: the lower limit
     *     rounded down, the upper up.
     */
    Figure: {
      /**
       * Format: int64
       * @description The upper limit.
       */
      high: number
      /**
       * Format: int64
       * @description The lower limit; never below what was seen.
       */
      low: number
      /**
       * Format: int64
       * @description The estimate.
       */
      total: number
    }
    /** @description Very many unheard alerts of one device. */
    FloodEntry: {
      /** @description The device. */
      device: string
      /** @description Its organisation. */
      organisation: components['schemas']['Organisation']
      /**
       * Format: int32
       * @description How many.
       */
      unheard: number
    }
    /** @description What was recorded, added up. */
    Followup: {
      /**
       * Format: date
       * @description The first night.
       */
      from: string
      /** @description The sums. What was never recorded has none. */
      tallies: components['schemas']['TallyEntry'][]
      /**
       * Format: date
       * @description The last night.
       */
      to: string
    }
    /** @description How retention goes on. */
    GoOn: {
      /** @description Whether all that is there counts as received now: for a clock that was behind. */
      anew?: boolean
    }
    /** @enum {string} */
    Handling: 'received' | 'investigating' | 'answered' | 'closed'
    /** @description Who did what, the newest first. */
    History: {
      /** @description How many there are in all: ask for the others with `from`. */
      all: number
      /** @description The changes: at most 1,000, the newest that were not passed over. */
      changes: components['schemas']['HistoryEntry'][]
    }
    /** @description A change, without what it says. */
    HistoryEntry: {
      /** @description The device that made it; all zeros for the server's own hand. */
      device: string
      /** @description The fields that it wrote and the records that it made, e.g. `counts/0f…/adults`. */
      fields: string[]
      /** @description Whether the change made the document. */
      made: boolean
      /** @description The device's organisation; none for the server's own hand. */
      organisation: string | null
      /**
       * Format: date-time
       * @description When the server received it.
       */
      received_at: string
      role: components['schemas']['Role'] | null
    }
    /** @description What came in lately, the newest first. */
    Incoming: {
      /** @description The lines. */
      incoming: components['schemas']['IncomingLine'][]
    }
    /** @description Changes to one document that came in one request. */
    IncomingLine: {
      /**
       * Format: int64
       * @description How many changes.
       */
      changes: number
      /** @description The code of the district that it concerns, when it concerns one. */
      district: string | null
      /** @description `visit`, `place`, `alert` or `feedback`. */
      kind: components['schemas']['Kind']
      /** @description Whether one of them was made long before it came. */
      late: boolean
      /** @description The organisation whose device sent them. */
      organisation: components['schemas']['Organisation']
      /**
       * Format: date-time
       * @description When they came.
       */
      received_at: string
    }
    /** @description An invitation. The code is shown this once. */
    Invitation: {
      /** @description The code. */
      code: string
      /**
       * Format: date-time
       * @description Until when it may be used.
       */
      expires_at: string
      /** @description The link's path and fragment, e.g. `/#enrol=…`. */
      path: string
    }
    /** @description What an invitation is for. */
    InvitationAbout: {
      /** @description The organisation that it joins. */
      organisation: components['schemas']['Organisation']
      /** @description The role that the new member gets. */
      role: components['schemas']['Role']
    }
    /** @description Whom to invite. */
    InvitationRequest: {
      /** @description Which phone or desk it is for; at most 60 characters, never a name. */
      label?: string
      /** @description Where the new member belongs. */
      organisation: string
      /** @description What the new member may do. */
      role: components['schemas']['Role']
    }
    /** @description What acts left to be done. */
    JobsStanding: {
      /**
       * Format: int64
       * @description How many have failed too often and wait for a person: `lagesbild jobs`.
       */
      dead: number
      /**
       * Format: int64
       * @description How many failed when they were last run, and are tried again.
       */
      failing: number
      /**
       * Format: int64
       * @description How many jobs wait for their time.
       */
      waiting: number
    }
    /** @enum {string} */
    Kind: 'visit' | 'place' | 'alert' | 'feedback'
    /** @enum {string} */
    Language:
      'sv' | 'en' | 'ro' | 'bg' | 'pl' | 'es' | 'fr' | 'uk' | 'ru' | 'ar' | 'tr' | 'de' | 'other'
    /** @description A leaflet in one language. */
    Leaflet: {
      /** @description Its text. */
      blocks: components['schemas']['Block'][]
      /** @description In which language. */
      language: components['schemas']['Language']
      /** @description Whether the text is only a sample. */
      sample: boolean
      /** @description Its title. */
      title: string
      /** @description What it is about. */
      topic: components['schemas']['Topic']
      /** @description Which wording: an encounter records `version/language`. */
      version: string
    }
    /** @description Every leaflet, by topic and language. */
    Leaflets: {
      /** @description The leaflets. */
      leaflets: components['schemas']['Leaflet'][]
    }
    /** @description Something that is not taken back. */
    Left: {
      /** @description Keys from the root; none for the whole document. */
      path: string[]
      why: components['schemas']['Why']
    }
    /** @description The limits of the method that people ask about. */
    LimitsReport: {
      /**
       * Format: int32
       * @description The fewest drawn places.
       */
      least_drawn: number
      /**
       * Format: int64
       * @description The fewest people on a list.
       */
      least_list: number
      /**
       * Format: int64
       * @description The fewest people whom two organisations both met.
       */
      least_overlap: number
      /**
       * Format: double
       * @description The least share of the previous persons that visited places must hold.
       */
      least_visited_share: number
      /**
       * Format: int32
       * @description The longest period, in days, for which people count as the same.
       */
      longest_period_days: number
      /**
       * Format: double
       * @description The most that tents may make up of the figure.
       */
      most_indirect_share: number
      /**
       * Format: double
       * @description The most that the upper limit may be of the lower.
       */
      widest_interval: number
      /**
       * Format: double
       * @description The most that the largest model's figure may be of the smallest one's.
       */
      widest_strip: number
    }
    /** @description An organisation's list of the people it met. */
    ListReport: {
      /** @description The organisation's short name. */
      organisation: string
      /**
       * Format: int64
       * @description The distinct people on it.
       */
      people: number
      /** @description Whether it is long enough to be used. */
      used: boolean
    }
    /** @description Who the caller is, and the configuration that concerns everybody. */
    Me: {
      /** @description What the operator set. */
      configuration: components['schemas']['Configuration']
      /** @description The device's id. */
      device: string
      /** @description The member's organisation. */
      organisation: components['schemas']['Organisation']
      /** @description Every organisation of the partnership. */
      organisations: components['schemas']['Organisation'][]
      /** @description The present period. */
      period: components['schemas']['Period']
      /** @description The member's role. */
      role: components['schemas']['Role']
      /** @description The fingerprint of the team key that is in use; none before the first was made. */
      team_key: string | null
    }
    /**
     * @description A sentence by its code, with the values that it names. The sentences lie with the
     *     app's texts, a catalogue a language.
     */
    Message: {
      /** @description Stable, and the sentence's key in every catalogue. */
      code: string
      /** @description By the names that the sentence has for them. */
      params: {
        [key: string]: components['schemas']['Param']
      }
    }
    /** @description How the figure was made: what the page that explains it shows. */
    MethodReport: {
      /**
       * Format: double
       * @description Persons at drawn places for each previous person.
       */
      beta: number | null
      /**
       * Format: double
       * @description Its degrees of freedom.
       */
      df: number | null
      /** @description The seed of the draw, as text: not every reader holds 64 bits. */
      draw_seed: string | null
      /**
       * Format: int32
       * @description Drawn places behind `beta`.
       */
      drawn: number
      /** @description SHA-256 over everything that went in, in one order. */
      inputs_hash: string
      kind: components['schemas']['NightMethod'] | null
      /** @description The limits that it falls back and refuses by. */
      limits: components['schemas']['LimitsReport']
      /**
       * Format: double
       * @description How counts vary; none when no place was counted twice.
       */
      phi: number | null
      /**
       * Format: double
       * @description The previous persons at all places with a figure young enough.
       */
      previous_total: number
      /**
       * Format: double
       * @description Of them, at places seen whole this period.
       */
      previous_visited: number
      /** @description The ratios that places were filled in by. */
      ratios: components['schemas']['RatioReport'][]
      /**
       * Format: int32
       * @description Place-nights that were counted more than once: what `phi` rests on.
       */
      recounted: number
      /** @description Every reason against an estimate, gravest first. */
      refusals: components['schemas']['Message'][]
      /**
       * Format: double
       * @description The standard error of the estimate, in persons.
       */
      se: number | null
      /** @description Coverage by the size of the previous figure. */
      sizes: components['schemas']['SizeReport'][]
      /**
       * Format: int32
       * @description Places whose last figure is too old to use: outside the estimate.
       */
      stale_places: number
      /** @description The version of the method. */
      version: string
    }
    /** @description One model that fits about as well as the best. */
    ModelReport: {
      /**
       * Format: double
       * @description Its Bayesian criterion less the best one's.
       */
      delta_bic: number
      /**
       * Format: int64
       * @description The upper limit.
       */
      high: number
      /**
       * Format: int64
       * @description The lower limit.
       */
      low: number
      /** @description The pairs of organisations that depend on each other in it. */
      together: string[][]
      /**
       * Format: int64
       * @description Its estimate.
       */
      total: number
    }
    /** @description What may be sent a day (UTC); more waits on the phone. */
    Most: {
      /**
       * Format: int32
       * @description Documents of a device.
       */
      documents: number | null
      /**
       * Format: int32
       * @description Megabytes of a device.
       */
      megabytes: number | null
      /**
       * Format: int32
       * @description Documents of an organisation's devices together.
       */
      organisation_documents: number | null
      /**
       * Format: int32
       * @description New places of a device.
       */
      places: number | null
    }
    /** @enum {string} */
    Need:
      | 'child_at_risk'
      | 'pregnancy'
      | 'substance_use'
      | 'mental_health'
      | 'older_person'
      | 'disability'
      | 'health'
      | 'shelter'
      | 'exploitation'
    /**
     * @description How places that nobody saw whole were filled in.
     * @enum {string}
     */
    NightMethod:
      'all_counted' | 'drawn_ratio' | 'drawn_ratio_by_age' | 'pooled_ratio' | 'stratified_expansion'
    /** @description A number that a worker may need. */
    Number: {
      /** @description A stable short name, e.g. `socialjouren`. */
      id: string
      /** @description Whose it is, in English. */
      name_en: string
      /** @description Whose it is, in Swedish. */
      name_sv: string
      /** @description The number as it is read out, e.g. `08-508 40 000`. */
      number: string
    }
    /** @description An organisation of the partnership. */
    Organisation: {
      /** @description Its short name, e.g. `eu-teamet`. */
      id: string
      /** @description The name that people read. */
      name: string
    }
    /** @description Who can be told something. */
    Organisations: {
      /** @description Every organisation of the partnership. Its short name is the code of its page. */
      organisations: components['schemas']['Organisation'][]
    }
    /** @description What an organisation's devices have sent today. */
    OrganisationToday: {
      /**
       * Format: int64
       * @description Documents that they made or changed, each time they did.
       */
      documents: number
      /** @description The organisation's short name. */
      id: string
    }
    /** @enum {string} */
    Outcome: 'open' | 'taken_over' | 'helped' | 'declined' | 'not_found' | 'mistake'
    /** @description One district. */
    Outline: {
      /** @description The district's code, as places carry it. */
      code: string
      /** @description Its name. */
      name: string
      /** @description Closed rings of `[longitude, latitude]`, degrees with four decimals (about 10 m). */
      rings: number[][][]
    }
    /** @description Two lists on their own. */
    PairReport: {
      /**
       * Format: int64
       * @description The people on both.
       */
      both: number
      /**
       * Format: int64
       * @description The upper limit.
       */
      high: number
      /**
       * Format: int64
       * @description The lower limit (Sadinle).
       */
      low: number
      /** @description The organisations' short names. */
      organisations: [string, string]
      /**
       * Format: int64
       * @description Chapman's estimate.
       */
      total: number
    }
    /** @description A value that a sentence names. */
    Param: number | string
    /** @description Something that is done once a second person confirms it. */
    PendingAct: {
      /** @description What is to be done. */
      act: components['schemas']['Wanted']
      /**
       * Format: date-time
       * @description When it asked.
       */
      asked_at: string
      /** @description The device that asked. */
      asked_by: string
      /**
       * Format: date-time
       * @description Until when it may be confirmed.
       */
      expires_at: string
      /**
       * Format: int64
       * @description Its number.
       */
      id: number
      /** @description Whether the caller may confirm it. */
      may_confirm: boolean
      /** @description Whether the caller may take it back. */
      may_withdraw: boolean
      /** @description Its organisation. */
      organisation: string
      /** @description Its member's role. */
      role: components['schemas']['Role']
      /**
       * Format: date-time
       * @description Of an undo: since when.
       */
      since: string | null
      /**
       * @description To what: a document's, a device's or an undo's id, a key's fingerprint; of retention
       *     why it stands still, for how many documents of a kind, and `anew`.
       */
      subject: string
    }
    /** @description Distinct people with a 95 % interval, in whole persons. */
    PeopleFigure: {
      /**
       * Format: int64
       * @description The upper limit; none for a lower bound.
       */
      high: number | null
      /**
       * Format: int64
       * @description The lower limit.
       */
      low: number
      /** @description How it was made: `pair`, `average` (over graphs of lists) or `lower_bound`. */
      method: components['schemas']['PeriodMethod']
      /**
       * Format: int64
       * @description The estimate; without `high`, at least so many.
       */
      total: number
    }
    /** @description The distinct people of a period: an estimate, or why there is none. */
    PeopleReport: {
      estimate: components['schemas']['PeopleFigure'] | null
      /** @description SHA-256 over everything that went in. */
      inputs_hash: string
      /** @description The lists, longest first. */
      lists: components['schemas']['ListReport'][]
      /** @description The models that fit about as well as the best, best first. */
      models: components['schemas']['ModelReport'][]
      /** @description Every pair of lists in use. */
      pairs: components['schemas']['PairReport'][]
      /** @description The period. */
      period: components['schemas']['PeriodReport']
      refusal: components['schemas']['Message'] | null
      /** @description Every reason against an estimate, gravest first. */
      refusals: components['schemas']['Message'][]
      /**
       * Format: int64
       * @description Distinct people met for certain.
       */
      seen: number
      /** @description What missed links would do to the figure. */
      sensitivity: components['schemas']['SensitivityReport'][]
      /** @description All of it in a sentence or two. */
      sentence: components['schemas']['Message']
      /**
       * Format: int64
       * @description People met without a code or an answer: they may be among those.
       */
      unlinked: number
      /** @description The version of the method. */
      version: string
      /** @description What a reader should know. */
      warnings: components['schemas']['Message'][]
    }
    /** @description A period: its first and last night. */
    Period: {
      /**
       * Format: date
       * @description The last night, `YYYY-MM-DD`.
       */
      end: string
      /**
       * Format: date
       * @description The first night, `YYYY-MM-DD`.
       */
      start: string
    }
    /** @description A period's figures. */
    PeriodLine: {
      /** @description The last night. */
      end: string
      estimate: components['schemas']['Figure'] | null
      refusal: components['schemas']['Message'] | null
      /**
       * Format: int64
       * @description Persons seen on a mean night.
       */
      seen: number
      /** @description The first night, `YYYY-MM-DD`. */
      start: string
    }
    /**
     * @description How the people nobody met were estimated.
     * @enum {string}
     */
    PeriodMethod: 'pair' | 'average' | 'lower_bound'
    /** @description The nights that a report is about. */
    PeriodReport: {
      /**
       * Format: int32
       * @description The number of nights.
       */
      days: number
      /** @description The last night. */
      end: string
      /** @description The first night, `YYYY-MM-DD`. */
      start: string
    }
    /** @description Periods, the oldest first; the last one is the present. */
    Periods: {
      /** @description The periods. */
      periods: components['schemas']['PeriodLine'][]
    }
    /** @description When a phone locks what is on it. */
    PhoneLock: {
      /**
       * Format: int32
       * @description Seconds out of sight.
       */
      hidden_seconds: number
      /**
       * Format: int32
       * @description Minutes without a touch.
       */
      idle_minutes: number
      /**
       * Format: int32
       * @description Days without the server, after which it stays locked until it has
       *     reached it.
       */
      lease_days: number
    }
    /** @description What to change about a place; what is left out stays. */
    PlaceChange: {
      /**
       * @description The district's code.
       * @default null
       */
      district: string | null
      /**
       * @description Whether the position is exact.
       * @default null
       */
      exact: boolean | null
      /**
       * @description What the workers call it.
       * @default null
       */
      name: string | null
      /**
       * @description How to find it.
       * @default null
       */
      note: string | null
      /** @default null */
      place_type: components['schemas']['PlaceType'] | null
      /**
       * @description Latitude and longitude in 1e-5 degrees; `null` takes the position away.
       * @default null
       */
      position: number[] | null
      /**
       * @description The place that it is the same as; `null`: none.
       * @default null
       */
      same_as: string | null
      /**
       * @description Recorded by mistake.
       * @default null
       */
      withdrawn: boolean | null
    }
    /** @enum {string} */
    PlaceType:
      'settlement' | 'sleeping_place' | 'street' | 'park' | 'public_building' | 'service' | 'other'
    /** @description A problem's body. */
    Problem: {
      /** @description Which problem it is. Stable. */
      code: string
      /** @description What is wrong and what to do. */
      detail: string
      /** @description True when the device is to erase what it holds. */
      erase?: boolean
      /**
       * Format: int32
       * @description The HTTP status.
       */
      status: number
      /** @description The status in words. */
      title: string
      /** @description Always `about:blank`: the code says which problem it is. */
      type: string
    }
    /** @enum {string} */
    ProposalAbout:
      'name' | 'place_type' | 'district' | 'position' | 'exact' | 'same_as' | 'withdrawn' | 'note'
    /** @description What somebody proposes for a place. */
    ProposalEntry: {
      /**
       * @description Which field: `name`, `place_type`, `district`, `position`, `exact`, `same_as`,
       *     `withdrawn` or `note`.
       */
      about: components['schemas']['ProposalAbout']
      /**
       * Format: date-time
       * @description When it was made, as the phone says.
       */
      at: string
      /** @description Whose place it is. */
      organisation: components['schemas']['Organisation']
      /** @description The place. */
      place: string
      /** @description What the place is called. */
      place_name: string
      /** @description The record within it. */
      proposal: string
      /** @description Why. */
      reason: string
      /** @description What it should be. */
      value: string
      /** @description For `same_as`: what the other place is called, when it is known. */
      value_name: string | null
    }
    /** @description Proposals that nobody has decided yet, the oldest first. */
    Proposals: {
      /**
       * Format: int64
       * @description How many are open in all; the others come as these are decided.
       */
      all: number
      /** @description The proposals: at most 200. */
      proposals: components['schemas']['ProposalEntry'][]
    }
    /** @description What was not let in, the newest first. */
    Quarantine: {
      /**
       * Format: int64
       * @description How many wait in all; the others come as these are decided.
       */
      all: number
      /** @description The entries: at most the newest 200. */
      entries: components['schemas']['QuarantineEntry'][]
    }
    /** @description A refused change, without its bytes. */
    QuarantineEntry: {
      /**
       * Format: int64
       * @description Its size in bytes.
       */
      bytes: number
      /** @description Why: a stable code. */
      code: string
      /** @description Why, in a sentence without content. */
      detail: string
      /** @description The device that sent it. */
      device: string
      /** @description The document it was meant for. */
      document: string
      /**
       * Format: int64
       * @description Its number.
       */
      id: number
      /** @description The kind it was said to have: `visit`, `place`, `alert` or `feedback`. */
      kind: components['schemas']['Kind']
      /** @description The short name of the organisation whose device sent it. */
      organisation: string
      /**
       * Format: date-time
       * @description When it came.
       */
      received_at: string
    }
    /** @description A ratio measured at drawn places. */
    RatioReport: {
      /**
       * Format: double
       * @description The same with the correction for few places.
       */
      beta: number
      class: components['schemas']['StalenessClass'] | null
      /**
       * Format: double
       * @description The previous persons there.
       */
      drawn_previous: number
      /**
       * Format: double
       * @description Persons now for each previous person, as seen there.
       */
      observed: number
      /**
       * Format: int32
       * @description The places behind it.
       */
      places: number
      /**
       * Format: double
       * @description The previous persons at the places that it stands in for.
       */
      unseen_previous: number
    }
    /**
     * @description How the server stands. It stays ready while retention stands still or it doubts its
     *     clock: what phones send is kept all the same, but somebody has to look.
     */
    Ready: {
      /** @description Whether the server takes its own clock for wrong. */
      clock_doubted: boolean
      /** @description What acts left to be done. */
      jobs: components['schemas']['JobsStanding']
      /** @description What to put right so that each address has a rate limit of its own; nothing: they have. */
      proxies: string | null
      /** @description Always true: whoever is not ready is answered with a problem. */
      ready: boolean
      /** @description What retention does. */
      retention: components['schemas']['RetentionStanding']
      /**
       * @description Whether there is room for what phones send; `false`: it waits on the phones. Make
       *     room on the disk.
       */
      room: boolean
    }
    /** @description What retention does. */
    RetentionStanding: {
      /** @description What to do about it. */
      detail: string | null
      reason: components['schemas']['Stop'] | null
      /** @description Whether what is due is hidden and destroyed. */
      state: components['schemas']['RetentionState']
    }
    /** @enum {string} */
    RetentionState: 'running' | 'stopped'
    /**
     * @description Whether it may be done.
     * @enum {string}
     */
    Right: 'no' | 'with_second' | 'alone'
    /**
     * @description A member's role within one organisation.
     * @enum {string}
     */
    Role: 'worker' | 'coordinator' | 'reader' | 'duty' | 'administrator'
    /** @description Who was seen for certain on a mean night. */
    Seen: {
      /**
       * Format: int64
       * @description Of them adults.
       */
      adults: number
      /**
       * Format: int64
       * @description Children.
       */
      children: number
      /**
       * Format: int64
       * @description K: the persons.
       */
      persons: number
      /**
       * Format: int64
       * @description Of unknown age.
       */
      unknown: number
    }
    /** @description The figure had only a share of the true links been found. */
    SensitivityReport: {
      /**
       * Format: double
       * @description The share.
       */
      found: number
      /**
       * Format: int64
       * @description The figure.
       */
      total: number
    }
    /** @description What a device has sent today. */
    SentToday: {
      /**
       * Format: int64
       * @description Bytes of changes.
       */
      bytes: number
      /**
       * Format: int64
       * @description Documents that it made or changed, each time it did.
       */
      documents: number
      /**
       * Format: int64
       * @description New places.
       */
      places: number
    }
    /** @description Coverage among places of one size. */
    SizeReport: {
      /**
       * Format: int32
       * @description Where the next size starts; none for the largest.
       */
      below: number | null
      /**
       * Format: int32
       * @description The least previous figure.
       */
      from: number
      /**
       * Format: int32
       * @description Places.
       */
      places: number
      /**
       * Format: int32
       * @description Of them seen whole.
       */
      visited: number
    }
    /** @description Words in one style. */
    Span: {
      /** @description Leaning. */
      emphasis?: boolean
      /** @description Where it leads: `https:`, `tel:` or `mailto:`, nothing else. */
      href?: string
      /** @description Heavier. */
      strong?: boolean
      /** @description The words. */
      text: string
    }
    /**
     * @description How old the previous figure of a place is.
     * @enum {string}
     */
    StalenessClass: 'recent' | 'ageing' | 'old'
    /** @description A step of the handling. */
    StepEntry: {
      /**
       * Format: date-time
       * @description When.
       */
      at: string
      /** @description What was done. */
      handling: components['schemas']['Handling']
      /** @description Why, or what was found. */
      note: string
    }
    /** @description What was done about a view. */
    StepRequest: {
      /** @description `received`, `investigating`, `answered` or `closed`. */
      handling: components['schemas']['Handling']
      /** @description Why, or what was found; stays within the organisation. */
      note?: string
      /** @description What whoever holds the receipt may read; left out, the reply stays as it is. */
      reply?: string | null
    }
    /**
     * @description Why nothing is hidden or destroyed.
     * @enum {string}
     */
    Stop: 'clock_ahead' | 'clock_behind' | 'clock_doubted' | 'usual_share'
    /** @description How often something was recorded. */
    TallyEntry: {
      /** @description The code of the closed list; empty for a plain number. */
      code: string
      /**
       * Format: int64
       * @description How many.
       */
      count: number
      /** @description Of a topic: the leaflet that was shown, as version/language. */
      detail: string
      /**
       * @description `visits`, `counts`, `encounters`, `adults`, `children` (met, not distinct persons),
       *     `group`, `language`, `need`, `topic`, `contact`, `alert`, `outcome`, `alert_calls`,
       *     `alert_acknowledged`, `feedback`.
       */
      sort: string
    }
    /** @description The key that is in use. */
    TeamKey: {
      /** @description Its fingerprint. */
      fingerprint: string
      /** @description That the key which was sent takes its place once a second person confirms it. */
      waits?: components['schemas']['PendingAct']
    }
    /** @description A key that a coordinator's browser has made. */
    TeamKeyRequest: {
      /** @description 16 hexadecimal digits of an HMAC with the key: tells keys apart, gives none away. */
      fingerprint: string
      /** @description Whether it takes the place of a key that was lost. Codes of the two never match. */
      replace?: boolean
    }
    /** @enum {string} */
    Topic: 'rights' | 'obligations' | 'complaints' | 'health_care' | 'shelter' | 'travel' | 'work'
    /** @description An undo. */
    Undo: {
      /** @description The device whose word was taken back. */
      device: string
      /**
       * Format: int64
       * @description Entries of the quarantine that it discarded.
       */
      discarded: number
      /**
       * Format: int64
       * @description Documents that it changed.
       */
      documents: number
      /**
       * Format: date-time
       * @description When it was done; none while it is at work.
       */
      done_at: string | null
      /**
       * Format: int64
       * @description Fields that it set back.
       */
      fields: number
      /**
       * Format: int64
       * @description Its number.
       */
      id: number
      /**
       * Format: int64
       * @description What it left for a person to look at.
       */
      left: number
      /**
       * Format: date-time
       * @description When it was begun.
       */
      made_at: string
      /** @description By which device; none for the server's command line. */
      made_by: string | null
      /**
       * Format: int64
       * @description The undo that this one takes back.
       */
      of: number | null
      /**
       * Format: date-time
       * @description From when on.
       */
      since: string
      /**
       * Format: int64
       * @description The undo that took it back.
       */
      taken_back_by: number | null
    }
    /** @description An undo that was begun. */
    UndoBegun: {
      /**
       * Format: int64
       * @description Its number.
       */
      undo: number
    }
    /** @description An undo, document by document. */
    UndoDetail: {
      /** @description How many there are in all. */
      all: number
      /** @description The first 1,000 documents. */
      documents: components['schemas']['Undone'][]
      /** @description The undo. */
      undo: components['schemas']['Undo']
    }
    /** @description What became of a document. */
    Undone: {
      /**
       * Format: int32
       * @description Fields that were set back.
       */
      changed: number
      /** @description The document. */
      document: string
      /** @description What was left as it is, with why. */
      left: components['schemas']['Left'][]
    }
    /** @description What an undo would do to a document. */
    UndoneChange: {
      /** @description The document. */
      document: string
      /** @description The fields that would be set back. */
      fields: components['schemas']['FieldSetBack'][]
      /** @description `visit`, `place`, `alert` or `feedback`. */
      kind: components['schemas']['Kind']
      /** @description What would be left as it is. */
      left: components['schemas']['Left'][]
      /** @description The short name of the organisation whose it is. */
      organisation: string
      /** @description The name of the place that it is or is about, if it has one. */
      place: string | null
    }
    /** @description What is to be taken back. */
    UndoOrder: {
      /** @description Whether what waits in quarantine from the device is discarded as well. */
      quarantine?: boolean
      /**
       * Format: date-time
       * @description RFC 3339: what the server received from then on.
       */
      since: string
    }
    /** @description What an undo would do. */
    UndoPreview: {
      /** @description Of the first 200 of them, those in which something would change or is left. */
      changes: components['schemas']['UndoneChange'][]
      /** @description In how many documents the device said something. */
      documents: number
      /** @description Whether it needs a second person. */
      needs_second: boolean
      /**
       * Format: int64
       * @description What waits in quarantine from the device.
       */
      quarantined: number
    }
    /** @description Undos, the newest first. */
    Undos: {
      /** @description How many the caller sees in all; `lagesbild undo --list` lists them on the server. */
      all: number
      /** @description The undos of devices that the caller sees: at most the newest 100. */
      undos: components['schemas']['Undo'][]
    }
    /** @description A view or a complaint. */
    View: {
      /** @description The short name of the organisation that it is about; none: the partnership. */
      about: string | null
      /**
       * Format: date-time
       * @description The noon before it came: not the minute, so that nobody can tell which
       *     encounter it followed.
       */
      at: string
      /** @description The document. */
      id: string
      /** @description In which language. */
      language: components['schemas']['Language']
      /** @description The reply, for whoever holds the receipt. */
      reply: string
      /** @description What was done, the first step first. */
      steps: components['schemas']['StepEntry'][]
      /** @description What the visitor says. */
      text: string
    }
    /**
     * @description Views and complaints: those without an end first, the longest waiting before all; then
     *     the others, the newest first.
     */
    Views: {
      /** @description The views. */
      feedback: components['schemas']['View'][]
      /** @description Whether there are more: ask again with `from`. */
      more: boolean
    }
    /**
     * @description The acts that wait for a second person.
     * @enum {string}
     */
    Wanted: 'replace_team_key' | 'erase_document' | 'undo_device' | 'undo_undo' | 'retention_go_on'
    /**
     * @description Why something is not taken back, or not all of it.
     * @enum {string}
     */
    Why: 'changed_since' | 'others_wrote_into' | 'others_disagree' | 'against_the_rules' | 'refused'
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type AcknowledgementEntry = components['schemas']['AcknowledgementEntry']
export type AcknowledgementRequest = components['schemas']['AcknowledgementRequest']
export type Acts = components['schemas']['Acts']
export type AlertEntry = components['schemas']['AlertEntry']
export type Alerts = components['schemas']['Alerts']
export type Block = components['schemas']['Block']
export type Callee = components['schemas']['Callee']
export type CallEntry = components['schemas']['CallEntry']
export type Configuration = components['schemas']['Configuration']
export type CoverageReport = components['schemas']['CoverageReport']
export type Decision = components['schemas']['Decision']
export type DecisionRequest = components['schemas']['DecisionRequest']
export type Device = components['schemas']['Device']
export type Devices = components['schemas']['Devices']
export type District = components['schemas']['District']
export type DistrictMap = components['schemas']['DistrictMap']
export type DistrictReport = components['schemas']['DistrictReport']
export type Draw = components['schemas']['Draw']
export type DrawnPlace = components['schemas']['DrawnPlace']
export type DrawOrder = components['schemas']['DrawOrder']
export type DrawReport = components['schemas']['DrawReport']
export type Enrolled = components['schemas']['Enrolled']
export type EnrolRequest = components['schemas']['EnrolRequest']
export type EstimateReport = components['schemas']['EstimateReport']
export type FeedbackAnswer = components['schemas']['FeedbackAnswer']
export type FeedbackReceipt = components['schemas']['FeedbackReceipt']
export type FeedbackRequest = components['schemas']['FeedbackRequest']
export type FieldSetBack = components['schemas']['FieldSetBack']
export type Figure = components['schemas']['Figure']
export type FloodEntry = components['schemas']['FloodEntry']
export type Followup = components['schemas']['Followup']
export type GoOn = components['schemas']['GoOn']
export type Handling = components['schemas']['Handling']
export type History = components['schemas']['History']
export type HistoryEntry = components['schemas']['HistoryEntry']
export type Incoming = components['schemas']['Incoming']
export type IncomingLine = components['schemas']['IncomingLine']
export type Invitation = components['schemas']['Invitation']
export type InvitationAbout = components['schemas']['InvitationAbout']
export type InvitationRequest = components['schemas']['InvitationRequest']
export type JobsStanding = components['schemas']['JobsStanding']
export type Kind = components['schemas']['Kind']
export type Language = components['schemas']['Language']
export type Leaflet = components['schemas']['Leaflet']
export type Leaflets = components['schemas']['Leaflets']
export type Left = components['schemas']['Left']
export type LimitsReport = components['schemas']['LimitsReport']
export type ListReport = components['schemas']['ListReport']
export type Me = components['schemas']['Me']
export type Message = components['schemas']['Message']
export type MethodReport = components['schemas']['MethodReport']
export type ModelReport = components['schemas']['ModelReport']
export type Most = components['schemas']['Most']
export type Need = components['schemas']['Need']
export type NightMethod = components['schemas']['NightMethod']
export type Number = components['schemas']['Number']
export type Organisation = components['schemas']['Organisation']
export type Organisations = components['schemas']['Organisations']
export type OrganisationToday = components['schemas']['OrganisationToday']
export type Outcome = components['schemas']['Outcome']
export type Outline = components['schemas']['Outline']
export type PairReport = components['schemas']['PairReport']
export type Param = components['schemas']['Param']
export type PendingAct = components['schemas']['PendingAct']
export type PeopleFigure = components['schemas']['PeopleFigure']
export type PeopleReport = components['schemas']['PeopleReport']
export type Period = components['schemas']['Period']
export type PeriodLine = components['schemas']['PeriodLine']
export type PeriodMethod = components['schemas']['PeriodMethod']
export type PeriodReport = components['schemas']['PeriodReport']
export type Periods = components['schemas']['Periods']
export type PhoneLock = components['schemas']['PhoneLock']
export type PlaceChange = components['schemas']['PlaceChange']
export type PlaceType = components['schemas']['PlaceType']
export type Problem = components['schemas']['Problem']
export type ProposalAbout = components['schemas']['ProposalAbout']
export type ProposalEntry = components['schemas']['ProposalEntry']
export type Proposals = components['schemas']['Proposals']
export type Quarantine = components['schemas']['Quarantine']
export type QuarantineEntry = components['schemas']['QuarantineEntry']
export type RatioReport = components['schemas']['RatioReport']
export type Ready = components['schemas']['Ready']
export type RetentionStanding = components['schemas']['RetentionStanding']
export type RetentionState = components['schemas']['RetentionState']
export type Right = components['schemas']['Right']
export type Role = components['schemas']['Role']
export type Seen = components['schemas']['Seen']
export type SensitivityReport = components['schemas']['SensitivityReport']
export type SentToday = components['schemas']['SentToday']
export type SizeReport = components['schemas']['SizeReport']
export type Span = components['schemas']['Span']
export type StalenessClass = components['schemas']['StalenessClass']
export type StepEntry = components['schemas']['StepEntry']
export type StepRequest = components['schemas']['StepRequest']
export type Stop = components['schemas']['Stop']
export type TallyEntry = components['schemas']['TallyEntry']
export type TeamKey = components['schemas']['TeamKey']
export type TeamKeyRequest = components['schemas']['TeamKeyRequest']
export type Topic = components['schemas']['Topic']
export type Undo = components['schemas']['Undo']
export type UndoBegun = components['schemas']['UndoBegun']
export type UndoDetail = components['schemas']['UndoDetail']
export type Undone = components['schemas']['Undone']
export type UndoneChange = components['schemas']['UndoneChange']
export type UndoOrder = components['schemas']['UndoOrder']
export type UndoPreview = components['schemas']['UndoPreview']
export type Undos = components['schemas']['Undos']
export type View = components['schemas']['View']
export type Views = components['schemas']['Views']
export type Wanted = components['schemas']['Wanted']
export type Why = components['schemas']['Why']
export type $defs = Record<string, never>
export type operations = Record<string, never>

export const CALLEE = [
  'emergency',
  'duty_service',
  'eu_team',
  'police',
  'care_advice',
  'other',
] as const
export const DECISION = ['accepted', 'declined'] as const
export const HANDLING = ['received', 'investigating', 'answered', 'closed'] as const
export const KIND = ['visit', 'place', 'alert', 'feedback'] as const
export const LANGUAGE = [
  'sv',
  'en',
  'ro',
  'bg',
  'pl',
  'es',
  'fr',
  'uk',
  'ru',
  'ar',
  'tr',
  'de',
  'other',
] as const
export const NEED = [
  'child_at_risk',
  'pregnancy',
  'substance_use',
  'mental_health',
  'older_person',
  'disability',
  'health',
  'shelter',
  'exploitation',
] as const
export const NIGHT_METHOD = [
  'all_counted',
  'drawn_ratio',
  'drawn_ratio_by_age',
  'pooled_ratio',
  'stratified_expansion',
] as const
export const OUTCOME = ['open', 'taken_over', 'helped', 'declined', 'not_found', 'mistake'] as const
export const PERIOD_METHOD = ['pair', 'average', 'lower_bound'] as const
export const PLACE_TYPE = [
  'settlement',
  'sleeping_place',
  'street',
  'park',
  'public_building',
  'service',
  'other',
] as const
export const PROPOSAL_ABOUT = [
  'name',
  'place_type',
  'district',
  'position',
  'exact',
  'same_as',
  'withdrawn',
  'note',
] as const
export const RETENTION_STATE = ['running', 'stopped'] as const
export const RIGHT = ['no', 'with_second', 'alone'] as const
export const ROLE = ['worker', 'coordinator', 'reader', 'duty', 'administrator'] as const
export const STALENESS_CLASS = ['recent', 'ageing', 'old'] as const
export const STOP = ['clock_ahead', 'clock_behind', 'clock_doubted', 'usual_share'] as const
export const TOPIC = [
  'rights',
  'obligations',
  'complaints',
  'health_care',
  'shelter',
  'travel',
  'work',
] as const
export const WANTED = [
  'replace_team_key',
  'erase_document',
  'undo_device',
  'undo_undo',
  'retention_go_on',
] as const
export const WHY = [
  'changed_since',
  'others_wrote_into',
  'others_disagree',
  'against_the_rules',
  'refused',
] as const
