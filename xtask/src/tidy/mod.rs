//! `cargo xtask tidy`: the rules of the house that no compiler knows.
//!
//! What review would otherwise have to say twice is said here once, as one line a finding. Each
//! file below holds one family of rules as a pure function of the [`Tree`], with its tables
//! (allowed doors, listed exceptions) at the top; every exception carries its reason.
//!
//! **Source**: STYLE §9; DESIGN §3 (doors), §8 (size), §10 (heads), §11 (vectors).

mod compatibility;
mod dependencies;
mod doors;
mod heads;
mod leftovers;
mod plot;
mod proofs;
mod requirements;
mod size;
mod tree;
mod vectors;

use std::fmt;

use crate::house::House;
use tree::Tree;

/// Whether a finding stops the build.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Grade {
    /// Printed, to be thought about.
    Questioned,
    /// The change is not tidy.
    Refused,
}

/// One line about one place.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Finding {
    file: String,
    line: usize,
    what: String,
    grade: Grade,
}

impl Finding {
    fn refused(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what: what.into(),
            grade: Grade::Refused,
        }
    }

    fn questioned(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            grade: Grade::Questioned,
            ..Self::refused(file, line, what)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            what,
            grade,
        } = self;
        let mark = if *grade == Grade::Questioned {
            "question: "
        } else {
            ""
        };
        write!(f, "{file}:{line}: {mark}{what}")
    }
}

/// Runs every rule over the checkout and prints what it finds.
pub(crate) fn run(house: &House) -> Result<(), String> {
    println!("$ cargo xtask tidy");
    let tree = Tree::of_checkout(house)?;
    let mut findings = doors::check(&tree, &doors::Packages::of_checkout(house)?);
    findings.extend(every_text_rule(&tree));
    findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    for finding in &findings {
        println!("{finding}");
    }
    match findings
        .iter()
        .filter(|finding| finding.grade == Grade::Refused)
        .count()
    {
        0 => Ok(()),
        refused => Err(format!(
            "tidy: {refused} refused of {} findings",
            findings.len()
        )),
    }
}

/// The rules that need nothing but the text of the files.
fn every_text_rule(tree: &Tree) -> Vec<Finding> {
    let rules = [
        size::check,
        heads::check,
        leftovers::check,
        vectors::check,
        compatibility::check,
        plot::check,
        proofs::check,
        requirements::check,
        dependencies::check,
    ];
    rules.iter().flat_map(|rule| rule(tree)).collect()
}

/// The findings as a person reads them, for tests.
#[cfg(test)]
fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_one_line_with_its_place() {
        assert_eq!(
            Finding::refused("a.rs", 7, "too long").to_string(),
            "a.rs:7: too long"
        );
        let mild = Finding::questioned("a.rs", 1, "long");
        assert_eq!(mild.to_string(), "a.rs:1: question: long");
    }
}
