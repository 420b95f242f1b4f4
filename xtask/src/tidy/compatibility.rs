//! COMPATIBILITY.md: a row for every operation that the code names.
//!
//! **Source**: DESIGN §1.5 and §13.

use super::Finding;
use super::tree::{Tree, numbered};

const PAGE: &str = "COMPATIBILITY.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rows = rows(tree.text(PAGE).unwrap_or_default());
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        if !path.starts_with("crates/service/src/") {
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

/// The operations a file says it is: `const NAME: &str = "GetId";`.
fn operations(text: &str) -> impl Iterator<Item = (usize, &str)> {
    numbered(text).filter_map(|(number, line)| {
        let value = line
            .trim_start()
            .strip_prefix("const NAME: &")?
            .split_once('"')?
            .1;
        Some((number, value.split_once('"')?.0))
    })
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
}
