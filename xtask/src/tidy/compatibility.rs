//! COMPATIBILITY.md: a row for every operation that the code names, done or not yet.
//!
//! **Source**: DESIGN §1.5 and §13.

use super::Finding;
use super::heads::FACES;
use super::tree::{Tree, numbered};

const PAGE: &str = "COMPATIBILITY.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rows = rows(tree.text(PAGE).unwrap_or_default());
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        if !FACES.iter().any(|face| path.starts_with(face)) {
            continue;
        }
        for (line, operation) in operations(text) {
            if !rows.iter().any(|row| row == operation) {
                let what = format!("`{operation}` has no row in {PAGE}");
                findings.push(Finding::refused(path, line, what));
            }
        }
    }
    findings
}

/// The operations a file names: `const NAME: &str = "GetId";`, or a line of its table `NOT_YET`.
fn operations(text: &str) -> Vec<(usize, &str)> {
    let mut not_yet = false;
    let mut found = Vec::new();
    for (number, line) in numbered(text).map(|(number, line)| (number, line.trim_start())) {
        if let Some(rest) = line.strip_prefix("const NAME: &") {
            found.extend(rest.split('"').nth(1).map(|name| (number, name)));
        }
        not_yet = (not_yet || line.starts_with("const NOT_YET")) && !line.starts_with("];");
        if not_yet {
            let name = line
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix("\","));
            found.extend(name.map(|name| (number, name)));
        }
    }
    found
}

/// The first cell of every table row, without its marks.
fn rows(page: &str) -> Vec<String> {
    let cells = page
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next());
    cells
        .map(|cell| cell.trim().trim_matches('`').to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn an_operation_without_a_row_is_named() {
        let page = "| operation | state |\n| --- | --- |\n| `GetId` | done |\n| Get | absent |\n";
        let tree = Tree::of(&[
            (PAGE, page),
            (
                "crates/service/src/cognito/get_id.rs",
                "    const NAME: &str = \"GetId\";\n",
            ),
            (
                "crates/service/src/sts/x.rs",
                "\n    const NAME: &'static str = \"GetTwo\";\n",
            ),
        ]);
        assert_eq!(
            lines(&check(&tree)),
            ["crates/service/src/sts/x.rs:2: `GetTwo` has no row in COMPATIBILITY.md"]
        );
    }

    #[test]
    fn an_operation_that_is_not_there_yet_has_a_row_too() {
        let table = "const NOT_YET: [&str; 1] = [\n    \"Later\",\n];\n    \"Other\",\n";
        let tree = Tree::of(&[(PAGE, ""), ("crates/service/src/cognito/mod.rs", table)]);
        assert_eq!(
            lines(&check(&tree)),
            ["crates/service/src/cognito/mod.rs:2: `Later` has no row in COMPATIBILITY.md"]
        );
    }
}
