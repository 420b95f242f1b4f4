//! Vectors nobody runs: a file of expectations that no test reads is only prose.
//!
//! Each folder of `vectors/` stands in the table with the test that runs it; that test must name
//! the folder, and no file may lie outside the listed folders.
//!
//! **Source**: STYLE §9; DESIGN §11.

use super::Finding;
use super::tree::Tree;

/// A folder of vectors, the test that reads it, and the words by which that test names it.
struct Suite {
    folder: &'static str,
    runner: &'static str,
    named: &'static str,
}

const SUITES: &[Suite] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    against(tree, SUITES)
}

fn against(tree: &Tree, suites: &[Suite]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree
        .files()
        .filter(|(path, _)| path.starts_with("vectors/"))
    {
        if !suites.iter().any(|suite| path.starts_with(suite.folder)) {
            findings.push(Finding::refused(path, 1, "a vector that no test runs"));
        }
    }
    for Suite {
        folder,
        runner,
        named,
    } in suites
    {
        if !tree.files().any(|(path, _)| path.starts_with(folder)) {
            let what = format!("`{folder}` is listed as a folder of vectors and is empty");
            findings.push(Finding::refused(folder, 1, what));
        }
        if !tree.text(runner).is_some_and(|text| text.contains(named)) {
            let what = format!("does not name `{named}`, whose vectors it should run");
            findings.push(Finding::refused(runner, 1, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    const SIGV4: Suite = Suite {
        folder: "vectors/sigv4/",
        runner: "crates/a.rs",
        named: "vectors/sigv4",
    };

    #[test]
    fn a_file_outside_every_suite_is_named() {
        let tree = Tree::of(&[
            ("crates/a.rs", "\"../../vectors/sigv4\""),
            ("vectors/sigv4/one.txt", "x"),
            ("vectors/wire/GetId/one.txt", "x"),
        ]);
        assert_eq!(
            lines(&against(&tree, &[SIGV4])),
            ["vectors/wire/GetId/one.txt:1: a vector that no test runs"]
        );
    }

    #[test]
    fn a_runner_that_forgot_its_folder_and_an_empty_folder_are_named() {
        let tree = Tree::of(&[("crates/a.rs", "fn nothing() {}")]);
        assert_eq!(
            lines(&against(&tree, &[SIGV4])),
            [
                "vectors/sigv4/:1: `vectors/sigv4/` is listed as a folder of vectors and is empty",
                "crates/a.rs:1: does not name `vectors/sigv4`, whose vectors it should run",
            ]
        );
    }
}
