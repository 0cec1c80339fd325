//! Why a change is not let in: the codes, and a code with its sentence.

/// Why something was not let in. Stable over HTTP and in the quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RejectionCode {
    /// Not a plain change chunk (or, for a replica reading from its server, a plain document chunk).
    ChunkType,
    /// The bytes do not follow the format.
    Malformed,
    /// The change is too large.
    ChangeTooLarge,
    /// The change claims too many operations.
    TooManyOperations,
    /// The document would grow too large.
    DocumentTooLarge,
    /// The change was made by another device.
    NotYourActor,
    /// The change builds on one that is not here.
    MissingDependency,
    /// The change is not the next one of its actor.
    SequenceGap,
    /// The change's operation numbers do not follow from what it builds on.
    OperationCounter,
    /// The change's time lies too far ahead.
    ClockAhead,
    /// The document does not have the shape of its kind.
    WrongShape,
    /// A value is out of range or too long.
    InvalidContent,
    /// A newer version of the app wrote it.
    NewerSchema,
    /// The engine failed on it.
    EngineFailure,
    /// The document was erased; its id is refused for ever.
    Erased,
    /// The document is not one that this device may change.
    NotInScope,
    /// Whoever made the change had not the right to say that; the detail names the path.
    NotAllowed,
    /// A date lies too far from when the change came; a coordinator can let it in.
    DateOutOfRange,
    /// A text holds a personal number.
    PersonalNumber,
    /// More values are hidden behind conflicts than a document may have.
    TooManyValues,
    /// The organisation has as many visits to a place on a night as it may.
    TooManyVisits,
    /// Not looked at, for want of room: it may come again.
    Later,
    /// The device, or its organisation, has sent as much as it may for now.
    Quota,
    /// The server keeps the rest of its disk for what must always be possible.
    DiskReserve,
}

impl RejectionCode {
    /// Returns the code as it stands in JSON and in the quarantine.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChunkType => "chunk_type",
            Self::Malformed => "malformed",
            Self::ChangeTooLarge => "change_too_large",
            Self::TooManyOperations => "too_many_operations",
            Self::DocumentTooLarge => "document_too_large",
            Self::NotYourActor => "not_your_actor",
            Self::MissingDependency => "missing_dependency",
            Self::SequenceGap => "sequence_gap",
            Self::OperationCounter => "operation_counter",
            Self::ClockAhead => "clock_ahead",
            Self::WrongShape => "wrong_shape",
            Self::InvalidContent => "invalid_content",
            Self::NewerSchema => "newer_schema",
            Self::EngineFailure => "engine_failure",
            Self::Erased => "erased",
            Self::NotInScope => "not_in_scope",
            Self::NotAllowed => "not_allowed",
            Self::DateOutOfRange => "date_out_of_range",
            Self::PersonalNumber => "personal_number",
            Self::TooManyValues => "too_many_values",
            Self::TooManyVisits => "too_many_visits",
            Self::Later => "later",
            Self::Quota => "quota",
            Self::DiskReserve => "disk_reserve",
        }
    }
}

impl RejectionCode {
    /// Returns whether this is no refusal: the change waits where it is and comes again.
    /// See [`crate::protocol::is_later`].
    pub fn is_later(self) -> bool {
        crate::protocol::is_later(self.as_str())
    }
}

impl std::fmt::Display for RejectionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A code, and a sentence for whoever looks into it. Never holds content.
pub(crate) type Refusal = (RejectionCode, String);

/// Returns the refusal of bytes that do not follow the format.
pub(crate) fn malformed(detail: &str) -> Refusal {
    (RejectionCode::Malformed, detail.to_owned())
}
