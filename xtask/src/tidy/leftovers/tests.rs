//! Leftovers, with the words assembled so that this file does not find itself.

use super::super::lines;
use super::*;

fn found(files: &[(&str, &str)]) -> Vec<String> {
    lines(&check(&Tree::of(files)))
}

#[test]
fn a_mark_wants_the_number_of_a_decision_that_exists() {
    let mark = ["TO", "DO"].concat();
    let text = format!("// {mark}: later\n// {mark}(0003): later\n// {mark}(0004): later\n");
    let decision = ("docs/decisions/0003-x.md", "x");
    let lines = found(&[("a.rs", &text), decision]);
    assert_eq!(
        lines,
        [
            format!("a.rs:1: `{mark}` without the number of a decision"),
            format!("a.rs:3: `{mark}` without the number of a decision"),
        ]
    );
}

#[test]
fn a_mark_inside_a_word_is_none() {
    let mark = ["X", "XX"].concat();
    assert!(found(&[("a.rs", &format!("const ID: &str = \"ASIA{mark}{mark}\";\n"))]).is_empty());
}

#[test]
fn an_ignored_test_is_found_and_a_word_in_prose_is_not() {
    let text = ["#[test]\n    #[", "ignore = \"slow\"]\n// ignore\n"].concat();
    assert_eq!(
        found(&[("a.rs", &text)]),
        ["a.rs:2: an ignored test; run it or remove it"]
    );
}

#[test]
fn an_exception_from_a_lint_says_why() {
    let good = "#[expect(\n    clippy::x,\n    reason = \"the table is read by eye\"\n)]\n";
    let mute = "#[expect(clippy::x)]\n#[expect(clippy::y, reason = \"it is a good one here\")]\n";
    let curt = "#![expect(clippy::x, reason = \"ok\")]\n";
    let allow = "    #[allow(clippy::x, reason = \"the table is read by eye\")]\n";
    let what = "an exception from a lint without a reason that says why";
    assert!(found(&[("a.rs", good)]).is_empty());
    assert_eq!(found(&[("a.rs", mute)]), [format!("a.rs:1: {what}")]);
    assert_eq!(found(&[("a.rs", curt)]), [format!("a.rs:1: {what}")]);
    assert_eq!(
        found(&[("a.rs", allow)]),
        ["a.rs:1: `allow` outlives its cause; use `expect` with a reason"]
    );
}

#[test]
fn a_test_program_lets_lints_off_at_its_head_and_says_why() {
    let shared = "#![allow(dead_code, reason = \"each test program uses a part\")]\n";
    assert!(found(&[("crates/x/tests/support/mod.rs", shared)]).is_empty());
    assert_eq!(found(&[("crates/x/src/a.rs", shared)]).len(), 1);
    for other in [
        "#![allow(dead_code)]\n",
        "    #[allow(dead_code, reason = \"each uses a part\")]\n",
    ] {
        assert_eq!(found(&[("crates/x/tests/support/mod.rs", other)]).len(), 1);
    }
}

#[test]
fn a_path_of_one_machine_is_found_and_an_address_is_not() {
    let own = ["/ho", "me/me/daypass"].concat();
    assert_eq!(
        found(&[("README.md", &format!("cd {own}\n"))]),
        [format!(
            "README.md:1: a path under `{}` is of one machine",
            &own[..5]
        )]
    );
    let address = ["https://example.com/ho", "me/page and target/ro", "ot/x"].concat();
    assert!(found(&[("README.md", &address)]).is_empty());
}

#[test]
fn a_lock_file_names_no_address() {
    let lock = "{\n  \"resolved\": \"https://registry.example/a.tgz\",\n}\n";
    assert_eq!(
        found(&[("sdk/x/package-lock.json", lock)]),
        ["sdk/x/package-lock.json:2: a download address in a lock file; see `.npmrc`"]
    );
}
