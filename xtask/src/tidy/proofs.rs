//! Proofs that would be forgotten in silence: a fuzz target without its parser, its corpus or its
//! build, a parser without a target, and a lane that no page tells about.
//!
//! **Source**: DESIGN §11; requirement S12.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::tree::Tree;

const TARGETS: &str = "fuzz/fuzz_targets/";
const MANIFEST: &str = "fuzz/Cargo.toml";
const PARSERS: &str = "crates/testkit/src/parsers.rs";
const LANES: &str = "xtask/src/lanes/mod.rs";
const PAGE: &str = "CONTRIBUTING.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = fuzz_targets(tree);
    findings.extend(lanes(tree));
    findings
}

/// Each target drives the parser of its name, is built, and has something to start from; each
/// parser has a target.
fn fuzz_targets(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let manifest = tree.text(MANIFEST).unwrap_or_default();
    let parsers = listed(tree.text(PARSERS).unwrap_or_default());
    let mut driven = BTreeSet::new();
    for (path, text) in tree.files().filter(|(path, _)| path.starts_with(TARGETS)) {
        let name = path.trim_start_matches(TARGETS).trim_end_matches(".rs");
        let corpus = format!("fuzz/corpus/{name}/");
        let wants = [
            (
                parsers
                    .get(name)
                    .is_none_or(|parser| text.contains(&format!("parsers::{parser}("))),
                "does not drive the parser of its name",
            ),
            (
                manifest.contains(&format!("\"fuzz_targets/{name}.rs\"")),
                "is not built: fuzz/Cargo.toml does not name it",
            ),
            (
                parsers.contains_key(name),
                "is not in PARSERS, so its corpus is not replayed",
            ),
            (
                tree.files().any(|(file, _)| file.starts_with(&corpus)),
                "has an empty corpus",
            ),
        ];
        let lacking = wants.iter().filter(|(holds, _)| !holds);
        findings.extend(lacking.map(|(_, what)| Finding::refused(path, 1, *what)));
        driven.insert(name);
    }
    for name in parsers.keys().filter(|name| !driven.contains(*name)) {
        let what = format!("the parser `{name}` has no fuzz target");
        findings.push(Finding::refused(PARSERS, 1, what));
    }
    findings
}

/// The table of parsers, `("policy", policy),` and so on: names and functions.
fn listed(text: &str) -> BTreeMap<&str, &str> {
    let table = text.split_once("PARSERS").map_or("", |(_, rest)| rest);
    let table = table.split_once("];").map_or(table, |(table, _)| table);
    let rows = table.lines().filter_map(|line| {
        let row = line.trim().strip_prefix("(\"")?;
        row.trim_end_matches("),").split_once("\", ")
    });
    rows.collect()
}

/// Each lane stands in the table that newcomers read.
fn lanes(tree: &Tree) -> Vec<Finding> {
    let page = tree.text(PAGE).unwrap_or_default();
    let names = tree
        .text(LANES)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let quoted = line.trim().strip_prefix("name: \"")?;
            quoted.split('"').next()
        });
    names
        .filter(|name| !page.contains(&format!("| `{name}` |")))
        .map(|name| Finding::refused(PAGE, 1, format!("tells nothing about the lane `{name}`")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    const TARGET: &str = "fuzz_target!(|bytes: &[u8]| parsers::jwt(bytes));";
    const TABLE: &str = "pub const PARSERS: &[Parser] = &[\n    (\"jwt\", jwt),\n];\n";
    const BUILT: &str = "path = \"fuzz_targets/jwt.rs\"\n";

    #[test]
    fn a_whole_target_has_no_finding() {
        let tree = Tree::of(&[
            ("crates/testkit/src/parsers.rs", TABLE),
            ("fuzz/Cargo.toml", BUILT),
            ("fuzz/corpus/jwt/own", "x"),
            ("fuzz/fuzz_targets/jwt.rs", TARGET),
        ]);
        assert!(check(&tree).is_empty());
    }

    #[test]
    fn a_target_that_lacks_anything_and_a_parser_without_one_are_named() {
        let table = TABLE.replace("jwt", "path");
        let tree = Tree::of(&[
            (
                "crates/testkit/src/parsers.rs",
                &(TABLE.replace("];", "") + &table),
            ),
            ("fuzz/Cargo.toml", "\"fuzz_targets/path.rs\""),
            ("fuzz/corpus/path/one", "x"),
            ("fuzz/fuzz_targets/path.rs", TARGET),
            ("fuzz/fuzz_targets/saml.rs", TARGET),
        ]);
        assert_eq!(
            lines(&check(&tree)),
            [
                "fuzz/fuzz_targets/path.rs:1: does not drive the parser of its name",
                "fuzz/fuzz_targets/saml.rs:1: is not built: fuzz/Cargo.toml does not name it",
                "fuzz/fuzz_targets/saml.rs:1: is not in PARSERS, so its corpus is not replayed",
                "fuzz/fuzz_targets/saml.rs:1: has an empty corpus",
                "crates/testkit/src/parsers.rs:1: the parser `jwt` has no fuzz target",
            ]
        );
    }

    #[test]
    fn a_lane_that_no_page_tells_about_is_named() {
        let tree = Tree::of(&[
            ("CONTRIBUTING.md", "| `demo` | the journey |"),
            (
                "xtask/src/lanes/mod.rs",
                "    name: \"demo\",\n    name: \"fuzz\",",
            ),
        ]);
        assert_eq!(
            lines(&check(&tree)),
            ["CONTRIBUTING.md:1: tells nothing about the lane `fuzz`"]
        );
    }
}
