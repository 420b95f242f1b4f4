//! The doors, on small workspaces written out as cargo would describe them.

use serde_json::json;

use super::super::lines;
use super::*;

/// A workspace of one room that uses these packages, each with what it uses itself in turn.
fn findings(room: &str, uses: &[(&str, Option<&str>)], deeper: &[(&str, &str)]) -> Vec<String> {
    let manifest = format!("crates/{room}/Cargo.toml");
    let package = |name: &str| json!({ "id": name, "name": name });
    let edge = |to: &str, kind: Option<&str>| json!({"pkg": to, "dep_kinds": [{"kind": kind}]});
    let own = if room == "daypass" {
        room.to_owned()
    } else {
        format!("daypass-{room}")
    };
    let listed: Vec<_> = uses
        .iter()
        .map(|(name, kind)| json!({"name": name, "kind": kind}))
        .collect();
    let mut packages = vec![json!({
        "id": own, "name": own, "manifest_path": format!("/x/{manifest}"), "dependencies": listed,
    })];
    packages.extend(uses.iter().map(|(name, _)| package(name)));
    packages.extend(deeper.iter().map(|(_, to)| package(to)));
    let mut nodes = vec![json!({
        "id": own, "deps": uses.iter().map(|(name, kind)| edge(name, *kind)).collect::<Vec<_>>(),
    })];
    nodes.extend(
        deeper
            .iter()
            .map(|(from, to)| json!({"id": from, "deps": [edge(to, None)]})),
    );
    let answer = json!({
        "workspace_root": "/x", "workspace_members": [own],
        "packages": packages, "resolve": {"nodes": nodes},
    });
    let text: Vec<_> = uses
        .iter()
        .map(|(name, _)| format!("{name}.workspace = true"))
        .collect();
    let tree = Tree::of(&[(&manifest, &text.join("\n"))]);
    lines(&check(
        &tree,
        &Packages::parse(&answer.to_string()).unwrap(),
    ))
}

#[test]
fn an_open_door_is_no_finding() {
    assert!(findings("policy", &[("daypass-json", None), ("time", None)], &[]).is_empty());
    assert!(findings("service", &[("daypass-store", None), ("tokio", None)], &[]).is_empty());
}

#[test]
fn a_closed_door_is_named_with_its_line() {
    let found = findings("policy", &[("time", None), ("daypass-store", None)], &[]);
    assert_eq!(
        found,
        ["crates/policy/Cargo.toml:2: no door from `policy` to `store`"]
    );
    let found = findings("core", &[("daypass-wire", Some("dev"))], &[]);
    assert_eq!(
        found,
        ["crates/core/Cargo.toml:1: no door from `core` to `wire`"]
    );
}

#[test]
fn every_room_is_closed_to_the_rooms_below_it() {
    for (above, room) in ROOMS
        .iter()
        .enumerate()
        .filter(|(_, room)| room.name != "testkit")
    {
        for below in ROOMS
            .iter()
            .skip(above + 1)
            .filter(|room| is_ours_by_name(room.name))
        {
            assert!(
                !room.may_use.contains(&below.name),
                "{} uses {}",
                room.name,
                below.name
            );
        }
    }
}

fn is_ours_by_name(room: &str) -> bool {
    room != "xtask"
}

#[test]
fn a_pure_room_reaches_no_runtime_however_deep() {
    let found = findings("wire", &[("quick-xml", None)], &[("quick-xml", "tokio")]);
    assert_eq!(
        found,
        ["crates/wire/Cargo.toml:1: the pure room `wire` reaches `tokio`"]
    );
    let found = findings("proof", &[("tokio", None)], &[]);
    assert_eq!(
        found,
        ["crates/proof/Cargo.toml:1: the pure room `proof` reaches `tokio`"]
    );
}

#[test]
fn what_tests_use_does_not_count_against_purity() {
    assert!(
        findings(
            "wire",
            &[("proptest", Some("dev"))],
            &[("proptest", "tokio")]
        )
        .is_empty()
    );
}

#[test]
fn a_room_must_not_contain_what_the_table_says() {
    let found = findings("core", &[("serde", None)], &[]);
    assert_eq!(
        found,
        ["crates/core/Cargo.toml:1: `core` must not contain `serde`"]
    );
    let found = findings("service", &[("hyper", None)], &[]);
    assert_eq!(
        found,
        ["crates/service/Cargo.toml:1: `service` must not contain `hyper`"]
    );
}

#[test]
fn the_testkit_is_for_tests_of_whole_houses() {
    assert!(findings("service", &[("daypass-testkit", Some("dev"))], &[]).is_empty());
    for (room, kind) in [("service", None), ("policy", Some("dev"))] {
        let found = findings(room, &[("daypass-testkit", kind)], &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("may not use the testkit here"),
            "{found:?}"
        );
    }
}

#[test]
fn a_stranger_in_the_workspace_is_a_finding() {
    let found = findings("gateway", &[], &[]);
    assert_eq!(
        found,
        ["crates/gateway/Cargo.toml:1: `gateway` is no room of the house (DESIGN §3)"]
    );
}

#[test]
fn an_answer_of_another_form_is_not_taken_for_an_empty_workspace() {
    assert!(Packages::parse("{}").is_none());
    assert!(Packages::parse("not json").is_none());
}
