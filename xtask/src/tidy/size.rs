//! File size: a file that fits a reader's head.
//!
//! The length of functions is clippy's (`too-many-lines-threshold`).
//!
//! **Source**: DESIGN §8.

use super::Finding;
use super::tree::Tree;

/// From here a file is asked whether it is still one thing.
const QUESTIONED_LINES: usize = 400;

/// From here it is not accepted.
const REFUSED_LINES: usize = 600;

/// Files that may be longer, each with its reason; the table is kept as short as it can be.
const LONG: &[(&str, &str)] = &[(
    "vectors/saml/pack.py",
    "a table: every document of the pack with what is wrong with it",
)];

/// Endings of the files people write by hand.
const WRITTEN: &[&str] = &[".rs", ".py", ".js", ".mjs", ".ts", ".sh"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    against(tree, LONG)
}

fn against(tree: &Tree, long: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(WRITTEN) {
        let lines = text.lines().count();
        let listed = long.iter().any(|(file, _)| *file == path);
        if lines > REFUSED_LINES && !listed {
            findings.push(Finding::refused(
                path,
                REFUSED_LINES,
                format!("{lines} lines; a file has at most {REFUSED_LINES}"),
            ));
        } else if lines > QUESTIONED_LINES && !listed {
            findings.push(Finding::questioned(
                path,
                QUESTIONED_LINES,
                format!("{lines} lines; is it still one thing?"),
            ));
        }
    }
    for (file, _) in long {
        let lines = tree.text(file).map_or(0, |text| text.lines().count());
        if lines <= REFUSED_LINES {
            findings.push(Finding::refused(
                file,
                1,
                "listed as long, and is not: drop the entry",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn both_sides_of_both_limits() {
        let text = |count: usize| "x\n".repeat(count);
        let (a, b, c, d) = (text(400), text(401), text(600), text(601));
        let tree = Tree::of(&[("a.rs", &a), ("b.rs", &b), ("c.rs", &c), ("d.rs", &d)]);
        assert_eq!(
            lines(&against(&tree, &[])),
            [
                "b.rs:400: question: 401 lines; is it still one thing?",
                "c.rs:400: question: 600 lines; is it still one thing?",
                "d.rs:600: 601 lines; a file has at most 600",
            ]
        );
    }

    #[test]
    fn a_listed_file_may_be_long_and_must_be() {
        let long = "x\n".repeat(700);
        let tree = Tree::of(&[
            ("table.rs", &long),
            ("short.rs", "x\n"),
            ("data.json", &long),
        ]);
        assert!(against(&tree, &[("table.rs", "a table")]).is_empty());
        let stale = against(&tree, &[("table.rs", "a table"), ("short.rs", "no longer")]);
        assert_eq!(
            lines(&stale),
            ["short.rs:1: listed as long, and is not: drop the entry"]
        );
    }
}
