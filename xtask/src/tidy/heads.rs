//! Heads: every Rust file says what it is, and every operation where its truth comes from.
//!
//! **Source**: DESIGN §10.

use super::Finding;
use super::tree::{Tree, numbered};

/// The rooms whose files are operations.
pub(super) const FACES: &[&str] = &[
    "crates/service/src/cognito/",
    "crates/service/src/sts/",
    "crates/service/src/iam/",
    "crates/service/src/s3/",
];

/// Files of a face that hold no operation of their own, each with what they hold instead.
const NOT_OPERATIONS: &[(&str, &str)] = &[
    (
        "crates/service/src/cognito/shapes.rs",
        "constraints that several operations share",
    ),
    (
        "crates/service/src/iam/aws_managed.rs",
        "the policies that every account has",
    ),
    (
        "crates/service/src/sts/session_policies.rs",
        "what the assume operations do with policies",
    ),
    (
        "crates/service/src/sts/shapes.rs",
        "constraints that the assume operations share",
    ),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    against(tree, NOT_OPERATIONS)
}

fn against(tree: &Tree, not_operations: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let head = head(text);
        if head.is_empty() {
            findings.push(Finding::refused(
                path,
                1,
                "no `//!` head says what this file is",
            ));
        } else if is_operation(path, not_operations) {
            findings.extend(["Source", "Errors"].iter().filter_map(|heading| {
                let marked = format!("**{heading}**");
                let what = format!("an operation's head has a {marked} heading");
                (!head.contains(&marked)).then(|| Finding::refused(path, 1, what))
            }));
        }
    }
    for (file, _) in not_operations {
        if tree.text(file).is_none() {
            findings.push(Finding::refused(
                file,
                1,
                "listed as no operation, and is not there",
            ));
        }
    }
    findings
}

/// The `//!` text at the top of a file.
fn head(text: &str) -> String {
    let lines = numbered(text).map(|(_, line)| line);
    let head = lines.take_while(|line| line.starts_with("//!"));
    head.collect::<Vec<_>>().join("\n")
}

/// Whether a file is one operation of a face.
fn is_operation(path: &str, not_operations: &[(&str, &str)]) -> bool {
    let Some(name) = FACES.iter().find_map(|face| path.strip_prefix(face)) else {
        return false;
    };
    let plain = !name.contains('/') && name != "mod.rs" && name != "error.rs";
    plain && !not_operations.iter().any(|(file, _)| *file == path)
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn a_file_without_a_head_is_named() {
        let tree = Tree::of(&[
            ("crates/core/src/a.rs", "//! A.\n\nfn a() {}\n"),
            ("crates/core/src/b.rs", "// B.\nfn b() {}\n"),
            ("crates/core/src/c.rs", ""),
        ]);
        assert_eq!(
            lines(&against(&tree, &[])),
            [
                "crates/core/src/b.rs:1: no `//!` head says what this file is",
                "crates/core/src/c.rs:1: no `//!` head says what this file is",
            ]
        );
    }

    #[test]
    fn an_operation_names_its_source_and_its_errors() {
        let whole = "//! GetId.\n//!\n//! **Source**: x.\n//! **Errors**: y.\n";
        let bare = "//! GetId.\n\n/// **Errors** elsewhere do not count.\nfn x() {}\n";
        let tree = Tree::of(&[
            ("crates/service/src/cognito/get_id.rs", whole),
            ("crates/service/src/cognito/mod.rs", "//! Table.\n"),
            ("crates/service/src/cognito/get_id/tests.rs", "//! Tests.\n"),
            ("crates/service/src/sts/assume_role.rs", bare),
            ("crates/service/src/sts/error.rs", "//! Catalogue.\n"),
        ]);
        assert_eq!(
            lines(&against(&tree, &[])),
            [
                "crates/service/src/sts/assume_role.rs:1: \
                 an operation's head has a **Source** heading",
                "crates/service/src/sts/assume_role.rs:1: \
                 an operation's head has a **Errors** heading",
            ]
        );
    }

    #[test]
    fn a_listed_file_is_no_operation_and_must_be_there() {
        let listed = &[("crates/service/src/sts/shapes.rs", "shared constraints")];
        let tree = Tree::of(&[("crates/service/src/sts/shapes.rs", "//! Shapes.\n")]);
        assert!(against(&tree, listed).is_empty());
        assert_eq!(
            lines(&against(&Tree::default(), listed)),
            ["crates/service/src/sts/shapes.rs:1: listed as no operation, and is not there"]
        );
    }
}
