//! The demo as a newcomer runs it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use support::{daypass, end};

fn demo() -> String {
    let ended = end(&mut daypass(&["demo", "--exit", "--listen", "127.0.0.1:0"]));
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
    assert_eq!(ended.err, "", "nothing but the journey");
    ended.out
}

#[test]
fn the_journey_holds_and_shows_each_step() {
    let out = demo();
    for shown in [
        "POST CreateIdentityPool",
        "POST CreateRole",
        "POST PutRolePolicy",
        "POST SetIdentityPoolRoles",
        "POST GetOpenIdTokenForDeveloperIdentity",
        "POST GetCredentialsForIdentity",
        "upload, own prefix",
        "403",
        "refused: ",
        ":assumed-role/",
        "ok: the journey works",
        "export AWS_ENDPOINT_URL=http://127.0.0.1:",
        "export AWS_REGION=us-east-1\n",
        "export AWS_DEFAULT_REGION=us-east-1\n",
        "export AWS_SECRET_ACCESS_KEY=",
    ] {
        assert!(out.contains(shown), "no {shown} in\n{out}");
    }
}

#[test]
fn s76_two_demo_runs_share_no_key() {
    let lines = |out: String| -> Vec<String> {
        let key = |line: &&str| line.contains("AWS_ACCESS_KEY_ID") || line.contains("AWS_SECRET");
        out.lines().filter(key).map(str::to_owned).collect()
    };
    let (first, second) = (lines(demo()), lines(demo()));
    assert_eq!(first.len(), 2);
    assert!(first.iter().all(|line| !second.contains(line)));
}

#[test]
fn a_demo_that_cannot_listen_says_so_and_ends() {
    let ended = end(&mut daypass(&[
        "demo",
        "--exit",
        "--listen",
        "192.0.2.1:4600",
    ]));
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    let ended = end(&mut daypass(&["demo", "--listen"]));
    assert_eq!(ended.code, Some(2));
}
