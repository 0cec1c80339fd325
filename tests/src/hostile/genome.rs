//! The numbers that a costly attack is made of: documents that are there, and one request. The
//! search for the worst changes these numbers; the same numbers always give the same bytes.

use serde::{Deserialize, Serialize};

use super::Choices;

/// How changes of the request stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Each sets a text on the one before.
    Chain,
    /// Each sets the same text beside all the others.
    Beside,
    /// Each sets fields of records beside the others.
    BesideInRecords,
    /// Each adds records on the one before.
    Records,
    /// Each puts members into an encounter's sets and takes them out.
    Members,
    /// Each takes a record back, or lets it stand again.
    Toggles,
    /// Each joins two of the earlier ones.
    Joins,
}

/// In which order they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they were made.
    Made,
    /// The last one first.
    Reversed,
    /// Each one two times.
    Twice,
    /// Without the first.
    Unknown,
    /// With one at the end that nobody may make.
    LastFails,
    /// With such a one in the middle.
    MiddleFails,
}

/// The sort of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A visit with counts.
    Counts,
    /// A visit with encounters.
    Encounters,
    /// A place with tips.
    Tips,
    /// A place with dated states.
    States,
}

/// The numbers of an attack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Genome {
    /// The sort of the documents.
    pub sort: Sort,
    /// Documents that are there.
    pub there: usize,
    /// Records in each of them.
    pub records: usize,
    /// Bytes of each record's text.
    pub text: usize,
    /// Values of each one's note that hide behind each other.
    pub hidden: usize,
    /// Changes that each has been through.
    pub changes: usize,
    /// Visits of one night at the same place.
    pub night: usize,
    /// Documents of the request that are new.
    pub fresh: usize,
    /// Documents of the request that are there.
    pub edited: usize,
    /// Changes to each document.
    pub each: usize,
    /// Operations of each change.
    pub operations: usize,
    /// Bytes of each text in it.
    pub write: usize,
    /// How the changes stand to each other.
    pub style: Style,
    /// In which order they come.
    pub order: Order,
    /// In how many offers each document's changes come.
    pub offers: usize,
    /// Whether the request reads everything again.
    pub reads_all: bool,
}

const STYLES: [Style; 7] = [
    Style::Chain,
    Style::Beside,
    Style::BesideInRecords,
    Style::Records,
    Style::Members,
    Style::Toggles,
    Style::Joins,
];
const ORDERS: [Order; 6] = [
    Order::Made,
    Order::Reversed,
    Order::Twice,
    Order::Unknown,
    Order::LastFails,
    Order::MiddleFails,
];
const SORTS: [Sort; 4] = [Sort::Counts, Sort::Encounters, Sort::Tips, Sort::States];

/// The most that each number may be: beyond what the server's limits let in, and so that most
/// genomes are built within a second.
const MOST: [usize; 12] = [
    6, 500, 3_900, 220, 100, 100, 200, 60, 1_500, 600, 3_900, 200,
];

impl Genome {
    fn numbers(&mut self) -> [&mut usize; 12] {
        [
            &mut self.there,
            &mut self.records,
            &mut self.text,
            &mut self.hidden,
            &mut self.changes,
            &mut self.night,
            &mut self.fresh,
            &mut self.edited,
            &mut self.each,
            &mut self.operations,
            &mut self.write,
            &mut self.offers,
        ]
    }

    /// Any, small ones as often as large ones.
    pub fn any(choices: &mut Choices<'_>) -> Self {
        let mut genome = Self {
            sort: SORTS[choices.below(4)],
            style: STYLES[choices.below(7)],
            order: ORDERS[choices.below(6)],
            reads_all: choices.chance(20),
            there: 0,
            records: 0,
            text: 0,
            hidden: 0,
            changes: 0,
            night: 0,
            fresh: 0,
            edited: 0,
            each: 0,
            operations: 0,
            write: 0,
            offers: 0,
        };
        for (number, most) in genome.numbers().into_iter().zip(MOST) {
            let octave = 1 << choices.below(most.ilog2() as usize + 2);
            *number = choices.below(octave + 1).min(most);
        }
        genome
    }

    /// One that differs a little, now and then much.
    #[must_use]
    pub fn mutated(&self, choices: &mut Choices<'_>) -> Self {
        let mut next = self.clone();
        for _ in 0..=choices.below(3) {
            match choices.below(20) {
                0 => next.sort = SORTS[choices.below(4)],
                1 | 2 => next.style = STYLES[choices.below(7)],
                3 | 4 => next.order = ORDERS[choices.below(6)],
                5 => next.reads_all = !next.reads_all,
                n => {
                    let at = (n + choices.below(12)) % 12;
                    let number = &mut *next.numbers()[at];
                    *number = match choices.below(6) {
                        0 => 0,
                        1 => MOST[at],
                        2 => *number / 2,
                        3 => (*number * 2).max(1),
                        4 => *number + 1,
                        _ => choices.below(MOST[at] + 1),
                    }
                    .min(MOST[at]);
                }
            }
        }
        next
    }

    /// Crosses two genomes: each number from one of them.
    #[must_use]
    pub fn crossed(&self, other: &Self, choices: &mut Choices<'_>) -> Self {
        let (mut child, mut other) = (self.clone(), other.clone());
        for (mine, theirs) in child.numbers().into_iter().zip(other.numbers()) {
            if choices.chance(50) {
                *mine = *theirs;
            }
        }
        if choices.chance(50) {
            (child.sort, child.style, child.order) = (other.sort, other.style, other.order);
        }
        child
    }
}
