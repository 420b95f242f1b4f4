//! The plot: the documents a newcomer looks for, and the two commands that must agree.
//!
//! **Source**: DESIGN §2, §11 and §13.

use super::Finding;
use super::tree::{Tree, numbered};

/// What stands at the root of the house.
const STANDING: &[&str] = &[
    ".ci/run",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "COMPATIBILITY.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
];

/// What continuous integration runs and the README tells a newcomer to run.
const PROOF: &str = "cargo xtask test";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = STANDING
        .iter()
        .filter(|file| tree.text(file).is_none_or(|text| text.trim().is_empty()))
        .map(|file| Finding::refused(file, 1, "is missing or empty"))
        .collect();
    for file in [".ci/run", "README.md"] {
        if tree.text(file).is_some_and(|text| !text.contains(PROOF)) {
            findings.push(Finding::refused(file, 1, format!("does not say `{PROOF}`")));
        }
    }
    if tree.text(".ci/run").is_some() && !tree.runnable(".ci/run") {
        findings.push(Finding::refused(".ci/run", 1, "is not executable"));
    }
    findings.extend(dead_links(tree));
    findings
}

/// Links from a document to a file that is not there.
fn dead_links(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".md"]) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, line) in numbered(text) {
            for target in targets(line) {
                let wanted = join(folder, target);
                let inside = format!("{wanted}/");
                let there = wanted.is_empty()
                    || tree.text(&wanted).is_some()
                    || tree.files().any(|(file, _)| file.starts_with(&inside));
                if !there {
                    let what = format!("links to `{target}`, which is not there");
                    findings.push(Finding::refused(path, number, what));
                }
            }
        }
    }
    findings
}

/// The targets of `[text](target)` on a line that mean a file of this checkout.
fn targets(line: &str) -> Vec<&str> {
    let after = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let files = after.map(|target| target.split(['#', ' ']).next().unwrap_or(""));
    files
        .filter(|target| !target.is_empty() && !target.contains(':'))
        .collect()
}

/// A relative target, seen from the root.
fn join(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn whole<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let standing = STANDING.iter().map(|file| (*file, PROOF));
        standing.chain(more.iter().copied()).collect()
    }

    #[test]
    fn a_whole_plot_has_no_finding_and_a_missing_page_is_named() {
        assert!(check(&Tree::of(&whole(&[]))).is_empty());
        let without: Vec<_> = whole(&[])
            .into_iter()
            .filter(|(file, _)| *file != "CHANGELOG.md")
            .collect();
        assert_eq!(
            lines(&check(&Tree::of(&without))),
            ["CHANGELOG.md:1: is missing or empty"]
        );
    }

    #[test]
    fn both_pages_say_the_one_command() {
        let tree = Tree::of(&whole(&[(".ci/run", "cargo test"), ("README.md", "make")]));
        assert_eq!(
            lines(&check(&tree)),
            [
                ".ci/run:1: does not say `cargo xtask test`",
                "README.md:1: does not say `cargo xtask test`",
            ]
        );
    }

    #[test]
    fn a_link_to_nothing_is_named() {
        let page = "[a](../README.md#top) [b](guide) [c](https://example.com/x)\n[d](gone.md)\n";
        let tree = Tree::of(&whole(&[("docs/x.md", page), ("docs/guide/a.md", "a")]));
        assert_eq!(
            lines(&check(&tree)),
            ["docs/x.md:2: links to `gone.md`, which is not there"]
        );
    }
}
