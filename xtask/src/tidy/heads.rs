//! Heads: every Rust file says what it is, and every operation where its truth comes from.
//!
//! **Source**: DESIGN §10.

use super::Finding;
use super::tree::{Tree, numbered};

/// The rooms whose files are operations.
pub(super) const FACES: &[&str] = &[
    "crates/service/src/cognito/",
    "crates/service/src/daypass/",
    "crates/service/src/sts/",
    "crates/service/src/iam/",
    "crates/service/src/s3/",
];

/// What a file of a face says where it holds an operation.
const OPERATION: &str = "impl Operation for ";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let head = head(text);
        if head.is_empty() {
            let what = "no `//!` head says what this file is";
            findings.push(Finding::refused(path, 1, what));
        } else if is_operation(path, text) {
            findings.extend(["Source", "Errors"].iter().filter_map(|heading| {
                let marked = format!("**{heading}**");
                let what = format!("an operation's head has a {marked} heading");
                (!head.contains(&marked)).then(|| Finding::refused(path, 1, what))
            }));
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

/// Whether a file of a face holds an operation.
fn is_operation(path: &str, text: &str) -> bool {
    let of_a_face = FACES.iter().any(|face| path.starts_with(face));
    of_a_face && numbered(text).any(|(_, line)| line.starts_with(OPERATION))
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
            lines(&check(&tree)),
            [
                "crates/core/src/b.rs:1: no `//!` head says what this file is",
                "crates/core/src/c.rs:1: no `//!` head says what this file is",
            ]
        );
    }

    #[test]
    fn an_operation_names_its_source_and_its_errors() {
        let operation = "impl Operation for GetId {\n";
        let whole = format!("//! GetId.\n//!\n//! **Source**: x.\n//! **Errors**: y.\n{operation}");
        let bare = format!("//! GetId.\n\n/// **Errors** elsewhere do not count.\n{operation}");
        let tree = Tree::of(&[
            ("crates/service/src/cognito/get_id.rs", &whole),
            ("crates/service/src/cognito/mod.rs", "//! Table.\n"),
            ("crates/service/src/sts/assume_role.rs", &bare),
            ("crates/service/src/sts/shapes.rs", "//! Shapes.\n"),
            ("crates/testkit/src/fake.rs", &bare),
        ]);
        assert_eq!(
            lines(&check(&tree)),
            [
                "crates/service/src/sts/assume_role.rs:1: \
                 an operation's head has a **Source** heading",
                "crates/service/src/sts/assume_role.rs:1: \
                 an operation's head has a **Errors** heading",
            ]
        );
    }
}
