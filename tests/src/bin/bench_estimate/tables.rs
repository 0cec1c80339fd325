//! The tables that are fitted, by us and by the peers.

use serde::Serialize;
use sync_core::estimate::distinct_people::log_linear::table::{Lists, Table};

/// A published table with the model to fit.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Case {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// The number of lists.
    pub(crate) lists: u32,
    /// The people on exactly the lists of the bits, from 1.
    pub(crate) cells: Vec<u64>,
    /// The pairs of lists that interact.
    pub(crate) terms: Vec<[u32; 2]>,
}

impl Case {
    /// Builds the table; `None` with too few or too many lists.
    pub(crate) fn table(&self) -> Option<Table> {
        let mut table = Table::new(self.lists)?;
        for (on, &people) in (1..).zip(&self.cells) {
            table.add(on, people);
        }
        Some(table)
    }

    /// The interactions as sets of lists.
    pub(crate) fn sets(&self) -> Vec<Lists> {
        self.terms.iter().map(|[i, j]| 1 << i | 1 << j).collect()
    }
}

/// Hepatitis A, three lists (Chao and others, CARE1).
pub(crate) fn hepatitis(terms: &[[u32; 2]], name: &'static str) -> Case {
    Case {
        name,
        lists: 3,
        cells: vec![69, 55, 21, 63, 17, 18, 28],
        terms: terms.to_vec(),
    }
}

/// Killings in Kosovo, four lists (Ball and others 2002).
pub(crate) fn kosovo() -> Case {
    Case {
        name: "Kosovo, 4 lists, [14][34]",
        lists: 4,
        cells: vec![
            1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27,
        ],
        terms: vec![[0, 3], [2, 3]],
    }
}

/// Modern slavery in the United Kingdom, five lists (Silverman, `SparseMSE`).
pub(crate) fn united_kingdom() -> Case {
    let mut cells = vec![0; 31];
    for (on, people) in [
        ("10000", 54),
        ("01000", 463),
        ("00100", 995),
        ("00010", 695),
        ("00001", 316),
        ("11000", 15),
        ("10100", 19),
        ("10010", 3),
        ("01100", 62),
        ("01010", 19),
        ("01001", 1),
        ("00110", 76),
        ("00101", 11),
        ("00011", 8),
        ("11100", 1),
        ("11010", 1),
        ("01110", 4),
        ("11110", 1),
    ] {
        let set = on.bytes().zip(0..).fold(0_usize, |set, (digit, bit)| {
            set | usize::from(digit == b'1') << bit
        });
        cells[set - 1] = people;
    }
    Case {
        name: "United Kingdom, 5 lists, main effects",
        lists: 5,
        cells,
        terms: Vec::new(),
    }
}

/// Returns the cases of all tables.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        hepatitis(&[], "Hepatitis, 3 lists, main effects"),
        hepatitis(&[[0, 1], [1, 2]], "Hepatitis, 3 lists, [12][23]"),
        kosovo(),
        united_kingdom(),
    ]
}
