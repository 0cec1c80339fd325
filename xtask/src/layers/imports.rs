//! Reads which file of a crate takes what from which other one.
//!
//! Read from the syntax alone, without the compiler: `use` trees, and paths that begin
//! with `crate`, `self`, `super` or with a name that a `use` brought in. A name that a
//! module only hands on (`pub use error::StoreError`) is followed to where it is defined.
//! Test code is left out: it may look at everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// A module's path below its crate, e.g. `["store", "log"]`; empty for the crate itself.
pub(crate) type Module = Vec<String>;

/// One file takes something from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    /// The module that takes.
    pub(crate) from: Module,
    /// The module that is taken from.
    pub(crate) to: Module,
    /// The line of the first place where it does, from 1.
    pub(crate) line: usize,
    /// The path as it is written there.
    pub(crate) path: String,
}

/// A crate's files and the arrows between them.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    /// The file of each module.
    pub(crate) files: BTreeMap<Module, PathBuf>,
    /// The arrows, one for each pair of files.
    pub(crate) arrows: Vec<Arrow>,
}

/// Where a `pub use` leads, as it is written.
type Handed = BTreeMap<String, Vec<String>>;

/// The names that a file defines and hands on.
#[derive(Debug, Default)]
struct Face {
    defined: BTreeSet<String>,
    handed: Handed,
    globs: Vec<Vec<String>>,
}

/// A path as it is written, and its line.
#[derive(Debug)]
struct Mention {
    path: Vec<String>,
    line: usize,
}

/// Reads the crate whose root file is `root` (`src/lib.rs`).
///
/// # Errors
/// When a file cannot be read, or is not Rust.
pub(crate) fn read(root: &Path) -> Result<Imports> {
    let mut crate_ = Crate::default();
    let directory = root.parent().context("a root file lies in a directory")?;
    crate_.take_in(&Vec::new(), root, directory)?;
    Ok(crate_.imports())
}

#[derive(Debug, Default)]
struct Crate {
    files: BTreeMap<Module, PathBuf>,
    faces: BTreeMap<Module, Face>,
    mentions: BTreeMap<Module, Vec<Mention>>,
}

impl Crate {
    fn take_in(&mut self, module: &Module, file: &Path, children: &Path) -> Result<()> {
        let text =
            fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let syntax =
            syn::parse_file(&text).with_context(|| format!("parsing {}", file.display()))?;
        self.files.insert(module.clone(), file.to_owned());
        self.faces.insert(module.clone(), face(&syntax.items));
        let mut reader = Reader::default();
        reader.items(&syntax.items);
        self.mentions.insert(module.clone(), reader.mentions());
        for item in &syntax.items {
            let Item::Mod(child) = item else { continue };
            if child.content.is_some() || is_test(&child.attrs) {
                continue;
            }
            let name = child.ident.to_string();
            let flat = children.join(format!("{name}.rs"));
            let file = if flat.exists() {
                flat
            } else {
                children.join(&name).join("mod.rs")
            };
            let mut path = module.clone();
            path.push(name.clone());
            self.take_in(&path, &file, &children.join(&name))?;
        }
        Ok(())
    }

    fn imports(self) -> Imports {
        let mut arrows: BTreeMap<(Module, Module), (usize, String)> = BTreeMap::new();
        for (from, mentions) in &self.mentions {
            for mention in mentions {
                let Some(to) = self.home(from, &mention.path, 0) else {
                    continue;
                };
                if to != *from {
                    let arrow = arrows
                        .entry((from.clone(), to))
                        .or_insert_with(|| (mention.line, mention.path.join("::")));
                    if mention.line < arrow.0 {
                        *arrow = (mention.line, mention.path.join("::"));
                    }
                }
            }
        }
        let arrows = arrows
            .into_iter()
            .map(|((from, to), (line, path))| Arrow {
                from,
                to,
                line,
                path,
            })
            .collect();
        Imports {
            files: self.files,
            arrows,
        }
    }

    /// The file in which what a path names is defined; `None` for what is another crate's.
    fn home(&self, from: &Module, path: &[String], steps: usize) -> Option<Module> {
        // Two modules that hand on each other's names would be followed for ever.
        if steps > 16 {
            return None;
        }
        let mut module: Module = Vec::new();
        let mut rest = path;
        match rest.first().map(String::as_str) {
            Some("crate") => rest = &rest[1..],
            Some("self" | "super") => {
                module.clone_from(from);
                while let Some(step @ ("self" | "super")) = rest.first().map(String::as_str) {
                    if step == "super" {
                        module.pop();
                    }
                    rest = &rest[1..];
                }
            }
            // A child of the module that hands it on: `pub use error::StoreError`.
            Some(name) if self.is_child(from, name) => module.clone_from(from),
            _ => return None,
        }
        while let Some(name) = rest.first()
            && self.is_child(&module, name)
        {
            module.push(name.clone());
            rest = &rest[1..];
        }
        let Some(name) = rest.first() else {
            return Some(module);
        };
        let face = self.faces.get(&module)?;
        if face.defined.contains(name) {
            return Some(module);
        }
        if let Some(handed) = face.handed.get(name) {
            let mut further = handed.clone();
            further.extend_from_slice(&rest[1..]);
            return self.home(&module, &further, steps + 1).or(Some(module));
        }
        face.globs
            .iter()
            .find_map(|glob| {
                let home = self.home(&module, glob, steps + 1)?;
                let has = self.faces.get(&home)?.defined.contains(name);
                has.then_some(home)
            })
            .or(Some(module))
    }

    fn is_child(&self, module: &Module, name: &str) -> bool {
        let mut child = module.clone();
        child.push(name.to_owned());
        self.files.contains_key(&child)
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Meta>()
                .is_ok_and(|meta| meta.path().is_ident("test"))
    })
}

fn face(items: &[Item]) -> Face {
    let mut face = Face::default();
    for item in items {
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Mod(item) if item.content.is_some() => &item.ident,
            Item::Use(item) => {
                hand_on(&mut face, &mut Vec::new(), &item.tree);
                continue;
            }
            _ => continue,
        };
        face.defined.insert(name.to_string());
    }
    face
}

fn hand_on(face: &mut Face, prefix: &mut Vec<String>, tree: &UseTree) {
    leaves(prefix, tree, &mut |path, name| match name {
        Some(name) => {
            face.handed.insert(name, path);
        }
        None => face.globs.push(path),
    });
}

/// Calls `each` with every path of a tree and the name it gets here; none for a glob.
fn leaves(
    prefix: &mut Vec<String>,
    tree: &UseTree,
    each: &mut impl FnMut(Vec<String>, Option<String>),
) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            leaves(prefix, &path.tree, each);
            prefix.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            each(prefix.clone(), prefix.last().cloned());
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            each(
                [prefix.as_slice(), std::slice::from_ref(&name)].concat(),
                Some(name),
            );
        }
        UseTree::Rename(rename) => {
            let path = if rename.ident == "self" {
                prefix.clone()
            } else {
                [prefix.as_slice(), &[rename.ident.to_string()]].concat()
            };
            each(path, Some(rename.rename.to_string()));
        }
        UseTree::Glob(_) => each(prefix.clone(), None),
        UseTree::Group(group) => {
            for tree in &group.items {
                leaves(prefix, tree, each);
            }
        }
    }
}

/// Collects the paths that a file mentions.
#[derive(Debug, Default)]
struct Reader {
    /// The path that `use` brought in under each name, and its line.
    named: BTreeMap<String, (Vec<String>, usize)>,
    globs: Vec<Mention>,
    /// Paths that begin in this crate, and those that begin with some name.
    paths: Vec<Mention>,
}

impl Reader {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.visit_item(item);
        }
    }

    fn path(&mut self, path: Vec<String>, line: usize) {
        self.paths.push(Mention { path, line });
    }

    /// The paths, those through a name that was brought in written out. What was brought in
    /// and only opened further (a module) is mentioned by what was taken out of it.
    fn mentions(self) -> Vec<Mention> {
        let mut mentions = self.globs;
        let mut opened = BTreeSet::new();
        for Mention { path, line } in self.paths {
            let Some((named, _)) = path.first().and_then(|first| self.named.get(first)) else {
                mentions.push(Mention { path, line });
                continue;
            };
            if path.len() > 1 {
                opened.insert(path[0].clone());
            }
            let path = [named.as_slice(), &path[1..]].concat();
            mentions.push(Mention { path, line });
        }
        for (name, (path, line)) in self.named {
            if !opened.contains(&name) {
                mentions.push(Mention { path, line });
            }
        }
        mentions
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let line = item.span().start().line;
        leaves(&mut Vec::new(), &item.tree, &mut |path, name| match name {
            Some(name) => {
                self.named.insert(name, (path, line));
            }
            None => self.globs.push(Mention { path, line }),
        });
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.path(names, path.span().start().line);
        visit::visit_path(self, path);
    }

    // `pub(crate)` takes nothing from the crate's root.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        visit::visit_macro(self, item);
        self.tokens(item.tokens.clone());
    }
}

impl Reader {
    /// Paths among a macro's tokens, which the syntax does not tell apart.
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        use proc_macro2::TokenTree;
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if path.is_empty() || colons == 2 => {
                    if path.is_empty() {
                        line = name.span().start().line;
                    }
                    path.push(name.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(name) => {
                    self.path(std::mem::take(&mut path), line);
                    line = name.span().start().line;
                    path.push(name.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            if !path.is_empty() {
                self.path(std::mem::take(&mut path), line);
            }
            colons = 0;
        }
        if !path.is_empty() {
            self.path(path, line);
        }
    }
}
