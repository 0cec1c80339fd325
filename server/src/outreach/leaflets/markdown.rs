//! Markdown as blocks that the app draws itself: no HTML crosses, so a text
//! can neither run nor load anything.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::Serialize;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A heading below the title.
    Heading {
        /// Its words.
        text: Vec<Span>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// Its items.
        items: Vec<Vec<Span>>,
    },
}

/// Words in one style.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Span {
    /// The words.
    pub text: String,
    /// Heavier.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
    /// Leaning.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub emphasis: bool,
    /// Where it leads: `https:`, `tel:` or `mailto:`, nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub href: Option<String>,
}

/// Returns the first heading of the first level as title, and the rest as
/// blocks. HTML and images are left out.
pub(super) fn read(text: &str) -> (String, Vec<Block>) {
    let mut reader = Reader::default();
    for event in Parser::new(text) {
        reader.take(event);
    }
    (reader.title, reader.blocks)
}

#[derive(Debug, Default)]
struct Reader {
    title: String,
    blocks: Vec<Block>,
    spans: Vec<Span>,
    /// The list that is being read; lists within lists become one.
    list: Option<(bool, Vec<Vec<Span>>)>,
    depth: usize,
    strong: bool,
    emphasis: bool,
    href: Option<String>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.words(&text),
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.item();
                self.depth += 1;
                self.list
                    .get_or_insert_with(|| (first.is_some(), Vec::new()));
            }
            Tag::Strong => self.strong = true,
            Tag::Emphasis => self.emphasis = true,
            Tag::Link { dest_url, .. } => {
                let safe = ["https://", "tel:", "mailto:"]
                    .iter()
                    .any(|scheme| dest_url.starts_with(scheme));
                self.href = safe.then(|| dest_url.into_string());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.strong = false,
            TagEnd::Emphasis => self.emphasis = false,
            TagEnd::Link => self.href = None,
            TagEnd::Item => self.item(),
            TagEnd::List(_) => {
                self.depth -= 1;
                if self.depth == 0
                    && let Some((ordered, items)) = self.list.take()
                {
                    self.blocks.push(Block::List { ordered, items });
                }
            }
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.spans);
                if level == pulldown_cmark::HeadingLevel::H1 && self.title.is_empty() {
                    self.title = text.into_iter().map(|span| span.text).collect();
                } else {
                    self.blocks.push(Block::Heading { text });
                }
            }
            // A paragraph of an item belongs to the item.
            TagEnd::Paragraph if self.list.is_none() => {
                let text = std::mem::take(&mut self.spans);
                if !text.is_empty() {
                    self.blocks.push(Block::Paragraph { text });
                }
            }
            _ => {}
        }
    }

    fn item(&mut self) {
        let words = std::mem::take(&mut self.spans);
        if let Some((_, items)) = self.list.as_mut()
            && !words.is_empty()
        {
            items.push(words);
        }
    }

    fn words(&mut self, text: &str) {
        let style = (self.strong, self.emphasis, &self.href);
        if let Some(last) = self.spans.last_mut()
            && (last.strong, last.emphasis, &last.href) == style
        {
            last.text.push_str(text);
            return;
        }
        self.spans.push(Span {
            text: text.to_owned(),
            strong: self.strong,
            emphasis: self.emphasis,
            href: self.href.clone(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Span {
        Span {
            text: text.to_owned(),
            ..Span::default()
        }
    }

    #[test]
    fn keeps_what_is_said_and_nothing_that_acts() {
        let (title, blocks) = read(
            "# Titel\n\nHej **du**, [ring](tel:112) [x](javascript:alert(1)).\n\n<script>x</script>\n\n1. ett\n2. *två*\n   - tre\n\n## Under\n",
        );
        assert_eq!(title, "Titel");
        let strong = Span {
            strong: true,
            ..plain("du")
        };
        let link = Span {
            href: Some("tel:112".to_owned()),
            ..plain("ring")
        };
        let emphasis = Span {
            emphasis: true,
            ..plain("två")
        };
        assert_eq!(
            blocks,
            [
                Block::Paragraph {
                    text: vec![plain("Hej "), strong, plain(", "), link, plain(" x.")]
                },
                Block::List {
                    ordered: true,
                    items: vec![vec![plain("ett")], vec![emphasis], vec![plain("tre")]]
                },
                Block::Heading {
                    text: vec![plain("Under")]
                },
            ]
        );
    }
}
