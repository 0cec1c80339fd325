//! The step `layers`: arrows between files run one way.
//!
//! The house is `cli → outreach → shared → config`, and within `outreach` from what is
//! nearest the caller (routes) to what knows least (projection). Whoever stands lower never
//! takes from what stands higher; and in no folder of any crate do two parts lead back to
//! each other.

mod circles;
mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use crate::counts::Counts;
use crate::repository::Repository;
use imports::{Arrow, Imports, Module};

/// The crates that are looked at: their root files, from the repository's root.
const CRATES: [&str; 7] = [
    "sync-core/src/lib.rs",
    "server/src/lib.rs",
    "server/calculate/src/lib.rs",
    "web-pwa/wasm/lib.rs",
    "tests/src/lib.rs",
    "tests/estimate/src/lib.rs",
    "xtask/src/main.rs",
];

/// The floors of the server's house, the highest first. A file may take from its own part
/// and from those of lower floors; parts of one floor do not know each other.
const SERVER: &[&[&str]] = &[
    &["cli"],
    &["outreach", "handover"],
    &["shared"],
    &["config"],
];

/// The floors within the outreach product.
const OUTREACH: &[&[&str]] = &[
    &["outreach::demo"],
    &["outreach::routes"],
    &["outreach::application"],
    &["outreach::state"],
    &[
        "outreach::metrics",
        "outreach::reports",
        "outreach::streams",
        "outreach::sync",
    ],
    &["outreach::clock_watch"],
    &["outreach::store"],
    &[
        "outreach::estimate",
        "outreach::leaflets",
        "outreach::map",
        "outreach::rights",
        "outreach::sealed",
    ],
    &["outreach::projection"],
];

/// The floors within the outreach product's store: an engine stands on the port.
const STORE: &[&[&str]] = &[&["outreach::store::sqlite"], &["outreach::store::port"]];

/// The floors within what knows no product.
const SHARED: &[&[&str]] = &[
    &["shared::access"],
    &["shared::accounts"],
    &["shared::audit", "shared::http", "shared::jobs"],
    &["shared::principal"],
    &["shared::database"],
    &["shared::clock"],
];

/// A breach of the layers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    /// A file takes from a part above it, or beside it.
    Back(Arrow),
    /// Parts of a folder that lead back to each other, and the arrows between them.
    Circle(Vec<Arrow>),
}

/// Checks every crate; prints what breaks a rule.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn check(repository: &Repository) -> Result<Counts> {
    let mut counts = Counts::default();
    for root in CRATES {
        let root = repository.root().join(root);
        let imports = imports::read(&root)?;
        let floors: &[&[&[&str]]] = if root.ends_with("server/src/lib.rs") {
            &[SERVER, OUTREACH, STORE, SHARED]
        } else {
            &[]
        };
        let faults = faults(&imports, floors);
        for fault in &faults {
            eprintln!("{}", told(fault, &imports, repository.root()));
        }
        counts.passed += u64::from(faults.is_empty());
        counts.failed += faults.len() as u64;
    }
    Ok(counts)
}

fn faults(imports: &Imports, floors: &[&[&[&str]]]) -> Vec<Fault> {
    let back = imports
        .arrows
        .iter()
        .filter(|arrow| floors.iter().any(|floors| runs_back(arrow, floors)))
        .cloned()
        .map(Fault::Back);
    let circles = folders(imports)
        .into_iter()
        .flat_map(|folder| circles_in(&folder, imports));
    back.chain(circles).collect()
}

/// The modules that contain others.
fn folders(imports: &Imports) -> BTreeSet<Module> {
    imports
        .files
        .keys()
        .filter_map(|module| module.split_last())
        .map(|(_, folder)| folder.to_vec())
        .collect()
}

/// The circles among the parts of a folder: its files, and the folders in it with all that
/// they hold. The folder's own file is none of them: a module and what it contains are one
/// in Rust, where a child sees what is private to its parent.
fn circles_in(folder: &Module, imports: &Imports) -> Vec<Fault> {
    let part = |module: &Module| {
        let below = module.strip_prefix(folder.as_slice())?;
        below.first().cloned()
    };
    let ends = |arrow: &Arrow| {
        let (from, to) = (part(&arrow.from)?, part(&arrow.to)?);
        (from != to).then_some((from, to))
    };
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in imports.arrows.iter().filter_map(ends) {
        graph.entry(from).or_default().insert(to);
    }
    let tied = |circle: Vec<String>| {
        let ties = |arrow: &&Arrow| {
            ends(arrow).is_some_and(|(from, to)| circle.contains(&from) && circle.contains(&to))
        };
        Fault::Circle(imports.arrows.iter().filter(ties).cloned().collect())
    };
    circles::circles(&graph).into_iter().map(tied).collect()
}

/// Returns whether an arrow leads from one of the parts to one that is not below it.
fn runs_back(arrow: &Arrow, floors: &[&[&str]]) -> bool {
    let part = |module: &Module| {
        let path = module.join("::");
        floors.iter().enumerate().find_map(|(floor, parts)| {
            parts
                .iter()
                .find(|part| path == **part || path.starts_with(&format!("{part}::")))
                .map(|part| (floor, *part))
        })
    };
    match (part(&arrow.from), part(&arrow.to)) {
        (Some((from, mine)), Some((to, theirs))) => mine != theirs && from >= to,
        _ => false,
    }
}

fn told(fault: &Fault, imports: &Imports, root: &Path) -> String {
    let name = |module: &Module| {
        let file = &imports.files[module];
        file.strip_prefix(root)
            .unwrap_or(file)
            .display()
            .to_string()
    };
    let arrow = |arrow: &Arrow| {
        format!(
            "{}:{} → {}  ({})",
            name(&arrow.from),
            arrow.line,
            name(&arrow.to),
            arrow.path
        )
    };
    match fault {
        Fault::Back(back) => format!("layers: an arrow runs back: {}", arrow(back)),
        Fault::Circle(ties) => {
            let ties: Vec<String> = ties.iter().map(arrow).collect();
            format!(
                "layers: these parts lead back to each other; one of the arrows has to go:\n    {}",
                ties.join("\n    ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A crate of these files, in a directory that ends with the test.
    struct Planted {
        directory: std::path::PathBuf,
    }

    impl Planted {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let directory = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
            for (file, text) in files {
                let file = directory.join(file);
                fs::create_dir_all(file.parent().expect("a directory")).expect("made");
                fs::write(file, text).expect("written");
            }
            Self { directory }
        }

        fn faults(&self, floors: &[&[&[&str]]]) -> Vec<String> {
            let imports = imports::read(&self.directory.join("lib.rs")).expect("it is Rust");
            faults(&imports, floors)
                .iter()
                .map(|fault| told(fault, &imports, &self.directory))
                .collect()
        }
    }

    impl Drop for Planted {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.directory);
        }
    }

    #[test]
    fn a_planted_arrow_is_named_by_file_line_and_what_it_takes() {
        let planted = Planted::new(
            "arrow-that-runs-back",
            &[
                ("lib.rs", "mod cli; mod outreach; mod shared;"),
                ("cli.rs", "use crate::outreach::store::Store;"),
                ("outreach/mod.rs", "pub mod routes; pub mod store;"),
                (
                    "outreach/routes.rs",
                    "pub struct Page;\nuse super::store::Store;",
                ),
                (
                    "outreach/store.rs",
                    "pub struct Store;\n\nfn f() { g(crate::outreach::routes::Page) }",
                ),
                ("shared.rs", "use crate::outreach::store::Store;"),
            ],
        );
        let faults = planted.faults(&[SERVER, OUTREACH]);
        assert_eq!(
            faults[0],
            "layers: an arrow runs back: outreach/store.rs:3 → outreach/routes.rs  \
             (crate::outreach::routes::Page)"
        );
        assert_eq!(
            faults[1],
            "layers: an arrow runs back: shared.rs:1 → outreach/store.rs  \
             (crate::outreach::store::Store)"
        );
        assert!(
            faults[2].contains("lead back to each other"),
            "{}",
            faults[2]
        );
        assert_eq!(faults.len(), 3);
    }

    #[test]
    fn a_name_that_is_handed_on_is_looked_for_where_it_is_defined() {
        let planted = Planted::new(
            "names-handed-on",
            &[
                ("lib.rs", "pub mod store;"),
                (
                    "store/mod.rs",
                    "mod error; mod log; pub use error::StoreError; pub fn open() { log::open() }",
                ),
                ("store/error.rs", "pub enum StoreError {}"),
                ("store/log.rs", "use super::StoreError; pub fn open() {}"),
            ],
        );
        assert!(planted.faults(&[]).is_empty(), "{:?}", planted.faults(&[]));
    }

    #[test]
    fn test_code_may_look_at_everything() {
        let planted = Planted::new(
            "test-code",
            &[
                ("lib.rs", "pub mod a; pub mod b; #[cfg(test)] mod tests;"),
                (
                    "a.rs",
                    "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }",
                ),
                ("b.rs", "pub struct B; use crate::a::A;"),
                ("tests.rs", "this is not read"),
            ],
        );
        assert!(planted.faults(&[]).is_empty());
    }
}
