//! Vectors nobody runs: a file of expectations that no test reads is only prose.
//!
//! Each folder of `vectors/` stands in the table with the test that runs it. That test must name the
//! folder, when it reads whatever lies there, or else every file in it; and no file may lie outside
//! the listed folders.
//!
//! **Source**: STYLE §9; DESIGN §11.

use super::Finding;
use super::tree::Tree;

/// A folder of vectors, or one file of them, and the test that runs them.
struct Suite {
    folder: &'static str,
    runner: &'static str,
    reads: Reads,
}

/// How a runner comes to its vectors.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Reads {
    /// It names the folder and runs all that lies there.
    WholeFolder,
    /// It names each file, so a file that it does not name is not run.
    NamedFiles,
}

const SUITES: &[Suite] = &[
    Suite {
        folder: "vectors/expected/caller_matrix.txt",
        runner: "crates/testkit/tests/suite/matrix/mod.rs",
        reads: Reads::NamedFiles,
    },
    Suite {
        folder: "vectors/expected/condition_matrix.txt",
        runner: "crates/testkit/tests/policy/matrix.rs",
        reads: Reads::NamedFiles,
    },
    Suite {
        folder: "vectors/expected/messages.txt",
        runner: "crates/testkit/tests/suite/messages.rs",
        reads: Reads::NamedFiles,
    },
    Suite {
        folder: "vectors/expected/operations.txt",
        runner: "crates/testkit/tests/suite/operations.rs",
        reads: Reads::NamedFiles,
    },
    Suite {
        folder: "vectors/identity/",
        runner: "crates/core/src/resolve/tests.rs",
        reads: Reads::WholeFolder,
    },
    Suite {
        folder: "vectors/policy/",
        runner: "crates/testkit/tests/policy/vectors.rs",
        reads: Reads::WholeFolder,
    },
    Suite {
        folder: "vectors/roles/",
        runner: "crates/core/src/role/choose/tests.rs",
        reads: Reads::NamedFiles,
    },
    Suite {
        folder: "vectors/saml/",
        runner: "crates/proof/tests/saml/main.rs",
        reads: Reads::WholeFolder,
    },
    Suite {
        folder: "vectors/sigv4/",
        runner: "crates/proof/src/sigv4/tests/mod.rs",
        reads: Reads::WholeFolder,
    },
    Suite {
        folder: "vectors/token/",
        runner: "crates/proof/src/jwt/verify/tests.rs",
        reads: Reads::NamedFiles,
    },
    Suite {
        folder: "vectors/unreachable.txt",
        runner: "crates/testkit/tests/suite/coverage.rs",
        reads: Reads::NamedFiles,
    },
    Suite {
        folder: "vectors/wire/",
        runner: "crates/testkit/tests/suite/wire.rs",
        reads: Reads::WholeFolder,
    },
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    against(tree, SUITES)
}

fn against(tree: &Tree, suites: &[Suite]) -> Vec<Finding> {
    let vectors = || {
        tree.files()
            .map(|(path, _)| path)
            .filter(|path| path.starts_with("vectors/"))
    };
    let mut findings = Vec::new();
    for path in vectors() {
        if !suites.iter().any(|suite| path.starts_with(suite.folder)) {
            findings.push(Finding::refused(path, 1, "a vector that no test runs"));
        }
    }
    for Suite {
        folder,
        runner,
        reads,
    } in suites
    {
        let text = tree.text(runner).unwrap_or_default();
        let mut inside = vectors().filter(|path| path.starts_with(folder)).peekable();
        if inside.peek().is_none() {
            let what = format!("`{folder}` is listed as a folder of vectors and is empty");
            findings.push(Finding::refused(folder, 1, what));
        }
        let named = folder.trim_end_matches('/');
        if *reads == Reads::WholeFolder && !text.contains(named) {
            let what = format!("does not name `{named}`, whose vectors it should run");
            findings.push(Finding::refused(runner, 1, what));
        }
        if *reads == Reads::NamedFiles {
            let forgotten = inside.filter(|path| !is_prose(path) && !text.contains(path));
            let what = format!("a vector that {runner} does not name");
            findings.extend(forgotten.map(|path| Finding::refused(path, 1, what.as_str())));
        }
    }
    findings
}

/// Whether a file tells about vectors and is none.
fn is_prose(path: &str) -> bool {
    path.rsplit('.').next() == Some("md")
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    const SIGV4: Suite = Suite {
        folder: "vectors/sigv4/",
        runner: "crates/a.rs",
        reads: Reads::WholeFolder,
    };
    const TOKEN: Suite = Suite {
        folder: "vectors/token/",
        runner: "crates/b.rs",
        reads: Reads::NamedFiles,
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

    #[test]
    fn a_file_that_its_runner_does_not_name_is_named() {
        let tree = Tree::of(&[
            (
                "crates/b.rs",
                "include_str!(\"../../vectors/token/one.txt\")",
            ),
            ("vectors/token/PROVENANCE.md", "x"),
            ("vectors/token/one.txt", "x"),
            ("vectors/token/two.txt", "x"),
        ]);
        assert_eq!(
            lines(&against(&tree, &[TOKEN])),
            ["vectors/token/two.txt:1: a vector that crates/b.rs does not name"]
        );
    }
}
