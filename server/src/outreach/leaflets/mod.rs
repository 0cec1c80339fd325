//! Leaflets: what visitors are shown, by topic and language. Content, not
//! code: Markdown files that whoever runs the server replaces by their own.

mod markdown;

use crate::config::read_text;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sync_core::model::{Code as _, Language, Topic};

pub use markdown::{Block, Span};

/// A leaflet in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Leaflet {
    /// What it is about.
    pub topic: Topic,
    /// In which language.
    pub language: Language,
    /// Which wording: an encounter records `version/language`.
    pub version: String,
    /// Whether the text is only a sample.
    pub sample: bool,
    /// Its title.
    pub title: String,
    /// Its text.
    pub blocks: Vec<Block>,
}

/// The head above a leaflet's text, between two lines of `+++`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    topic: Topic,
    language: Language,
    version: String,
    #[serde(default)]
    sample: bool,
}

/// Why leaflets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LeafletError {
    /// The directory or a file cannot be read.
    #[error("the leaflets in {path} cannot be read: {source}")]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// The system's own error.
        source: std::io::Error,
    },
    /// A file is no leaflet.
    #[error("the leaflet {name} is wrong: {message}")]
    Wrong {
        /// The name of the file.
        name: String,
        /// The fault, in words for the operator.
        message: String,
    },
}

/// The texts that come with the program. They say that they are samples.
const SHIPPED: [(&str, &str); 12] = [
    (
        "rights.sv.md",
        include_str!("../../../content/leaflets/rights.sv.md"),
    ),
    (
        "rights.en.md",
        include_str!("../../../content/leaflets/rights.en.md"),
    ),
    (
        "rights.ro.md",
        include_str!("../../../content/leaflets/rights.ro.md"),
    ),
    (
        "rights.bg.md",
        include_str!("../../../content/leaflets/rights.bg.md"),
    ),
    (
        "obligations.sv.md",
        include_str!("../../../content/leaflets/obligations.sv.md"),
    ),
    (
        "obligations.en.md",
        include_str!("../../../content/leaflets/obligations.en.md"),
    ),
    (
        "obligations.ro.md",
        include_str!("../../../content/leaflets/obligations.ro.md"),
    ),
    (
        "obligations.bg.md",
        include_str!("../../../content/leaflets/obligations.bg.md"),
    ),
    (
        "complaints.sv.md",
        include_str!("../../../content/leaflets/complaints.sv.md"),
    ),
    (
        "complaints.en.md",
        include_str!("../../../content/leaflets/complaints.en.md"),
    ),
    (
        "complaints.ro.md",
        include_str!("../../../content/leaflets/complaints.ro.md"),
    ),
    (
        "complaints.bg.md",
        include_str!("../../../content/leaflets/complaints.bg.md"),
    ),
];

/// Reads every `.md` file of a directory, or what comes with the program when
/// none is named. Sorted by topic and language.
pub fn load(directory: Option<&Path>) -> Result<Vec<Leaflet>, LeafletError> {
    let mut leaflets = match directory {
        None => SHIPPED
            .iter()
            .map(|(name, text)| parse(name, text))
            .collect::<Result<Vec<_>, _>>()?,
        Some(directory) => read(directory)?,
    };
    leaflets.sort_by_key(|leaflet| (leaflet.topic, leaflet.language));
    let twice = leaflets
        .iter()
        .zip(leaflets.iter().skip(1))
        .find(|(a, b)| (a.topic, a.language) == (b.topic, b.language));
    match twice {
        None => Ok(leaflets),
        Some((leaflet, _)) => Err(LeafletError::Wrong {
            name: format!("{}.{}", leaflet.topic, leaflet.language),
            message: "two files have this topic and language".to_owned(),
        }),
    }
}

fn read(directory: &Path) -> Result<Vec<Leaflet>, LeafletError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| LeafletError::Unreadable { path, source }
    };
    let mut leaflets = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable(directory))? {
        let path = entry.map_err(unreadable(directory))?.path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = read_text(&path).map_err(|e| unreadable(&path)(e.into()))?;
        leaflets.push(parse(&path.display().to_string(), &text)?);
    }
    Ok(leaflets)
}

fn parse(name: &str, text: &str) -> Result<Leaflet, LeafletError> {
    let wrong = |message: &str| LeafletError::Wrong {
        name: name.to_owned(),
        message: message.to_owned(),
    };
    let (head, body) = text
        .strip_prefix("+++\n")
        .and_then(|rest| rest.split_once("\n+++\n"))
        .ok_or_else(|| wrong("it must begin with topic, language and version between +++ lines"))?;
    let head: Head = toml::from_str(head).map_err(|e| wrong(&e.to_string()))?;
    let fits = (1..=40).contains(&head.version.len())
        && head
            .version
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b));
    if !fits {
        return Err(wrong("version: 1 to 40 of a–z, 0–9, '.' and '-'"));
    }
    let (title, blocks) = markdown::read(body);
    if title.is_empty() {
        return Err(wrong("it needs a title: a line that begins with '# '"));
    }
    Ok(Leaflet {
        topic: head.topic,
        language: head.language,
        version: head.version,
        sample: head.sample,
        title,
        blocks,
    })
}

/// The topics that a set of leaflets covers, in the closed list's order.
pub fn topics(leaflets: &[Leaflet]) -> Vec<Topic> {
    Topic::ALL
        .iter()
        .copied()
        .filter(|topic| leaflets.iter().any(|leaflet| leaflet.topic == *topic))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_the_program_is_whole_and_says_that_it_is_a_sample() {
        let leaflets = load(None).unwrap();
        assert_eq!(leaflets.len(), 12);
        assert_eq!(
            topics(&leaflets),
            [Topic::Rights, Topic::Obligations, Topic::Complaints]
        );
        for leaflet in &leaflets {
            assert!(leaflet.sample, "{}", leaflet.title);
            let said = match &leaflet.blocks[0] {
                Block::Paragraph { text } => text[0].text.clone(),
                other => panic!("{other:?}"),
            };
            let words = ["exempeltext", "sample", "exemplu", "примерен"];
            assert!(words.iter().any(|word| said.contains(word)), "{said}");
        }
    }

    #[test]
    fn a_directory_replaces_them() {
        let directory = tempfile::tempdir().unwrap();
        let text = "+++\ntopic = \"travel\"\nlanguage = \"pl\"\nversion = \"7\"\n+++\n# Podróż\n";
        std::fs::write(directory.path().join("a.md"), text).unwrap();
        std::fs::write(directory.path().join("readme.txt"), "x").unwrap();
        let leaflets = load(Some(directory.path())).unwrap();
        assert_eq!(leaflets.len(), 1);
        assert_eq!(leaflets[0].title, "Podróż");
        assert!(!leaflets[0].sample);
        std::fs::write(directory.path().join("b.md"), text).unwrap();
        let error = load(Some(directory.path())).unwrap_err();
        assert!(error.to_string().contains("travel.pl"), "{error}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, about) in [
            ("# x", "+++"),
            ("+++\ntopic = \"x\"\n+++\n# x", "topic"),
            (
                "+++\ntopic = \"rights\"\nlanguage = \"sv\"\nversion = \"a/b\"\n+++\n# x",
                "version",
            ),
            (
                "+++\ntopic = \"rights\"\nlanguage = \"sv\"\nversion = \"1\"\n+++\nx",
                "title",
            ),
        ] {
            let error = parse("a.md", text).unwrap_err().to_string();
            assert!(error.contains(about) && error.contains("a.md"), "{error}");
        }
    }
}
