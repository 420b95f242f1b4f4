//! Every requirement that the code meets has a test that bears its number.
//!
//! The numbers are those of the reliability and security requirements; a test is named after the one
//! it proves: `fn s48_deny_wins_in_any_order()`.

use super::Finding;
use super::tree::{Tree, numbered};

/// The requirements met so far. Whoever meets another one adds its number here.
const MET: &[u8] = &[
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27,
    28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
    52, 53, 54, 55, 56, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77,
    79, 80, 81, 82, 83, 84, 85, 86, 87, 90, 91,
];

/// This file, where the findings point.
const HERE: &str = "xtask/src/tidy/requirements.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut proved = [false; 256];
    for (_, text) in tree.ending(&[".rs"]) {
        for (_, line) in numbered(text) {
            if let Some(number) = requirement(line)
                && let Some(slot) = proved.get_mut(usize::from(number))
            {
                *slot = true;
            }
        }
    }
    let unproved = MET
        .iter()
        .filter(|number| proved.get(usize::from(**number)) == Some(&false));
    unproved
        .map(|number| Finding::refused(HERE, 1, format!("no test is named `s{number:02}_…`")))
        .collect()
}

/// The number in `fn s48_…`, `async fn s48_…`.
fn requirement(line: &str) -> Option<u8> {
    let name = line
        .trim_start()
        .trim_start_matches("async ")
        .strip_prefix("fn s")?;
    let (number, _) = name.split_once('_')?;
    (number.len() == 2).then(|| number.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn a_test_name_carries_the_number() {
        assert_eq!(requirement("    fn s48_deny_wins() {"), Some(48));
        assert_eq!(requirement("async fn s01_limits() {"), Some(1));
        assert_eq!(requirement("fn s3_face() {"), None);
        assert_eq!(requirement("fn serve_1() {"), None);
    }

    #[test]
    fn a_requirement_without_a_test_is_named() {
        let others = MET.iter().filter(|number| **number != 90);
        let tests: Vec<String> = others
            .map(|number| format!("fn s{number:02}_x() {{}}"))
            .collect();
        let text = tests.join("\n");
        let tree = Tree::of(&[("crates/x/src/lib.rs", &text)]);
        let found = lines(&check(&tree));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().all(|line| line.contains("`s90_…`")));
    }
}
