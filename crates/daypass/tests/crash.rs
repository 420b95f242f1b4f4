//! A server killed in the middle of its work loses no identity it has answered for.
//!
//! Sixteen clients mint tokens for users the pool has never seen; at a random moment the server is
//! killed without warning. After the restart every answered identity id is found under its user, no
//! id stands for two users, and no user has two.
//!
//! **Source**: requirement F01; invariants 1 to 3 of the reliability and security page.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};

use daypass_json::Value;
use serde_json::json;
use support::{Keys, Server, cognito, random, serve, text};

const CLIENTS: usize = 16;
const ROUNDS: usize = 5;
const PROVIDER: &str = "login.crash.example";

/// What the clients know: every user they asked for, and the identity they were told, if they were.
type Told = BTreeMap<String, Option<String>>;

#[test]
fn f01_a_killed_server_keeps_every_identity_it_answered_for() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let root = Keys::fresh();
    let mut server = Server::start(&mut serve(&data, Some(&root)));
    let pool = create_pool(server.address, &root);
    let mut told = Told::new();
    for round in 0..ROUNDS {
        let killed_after = 20 + random() % 300;
        told.extend(mint_until_killed(
            &mut server,
            &root,
            &pool,
            round,
            killed_after,
        ));
        server = restart(&data, &root);
        compare(server.address, &root, &pool, &told);
    }
    let answered = told.values().flatten().count();
    assert!(
        answered >= 20 * ROUNDS,
        "the clients were answered {answered} times only"
    );
    assert_eq!(server.stop().0, Some(0));
}

fn restart(data: &Path, root: &Keys) -> Server {
    let server = Server::start(&mut serve(data, Some(root)));
    assert_eq!(server.get("/readyz"), 200);
    server
}

fn create_pool(address: SocketAddr, root: &Keys) -> String {
    let input = json!({
        "IdentityPoolName": "crash",
        "AllowUnauthenticatedIdentities": false,
        "DeveloperProviderName": PROVIDER,
    });
    let (status, answer) = cognito(address, root, "CreateIdentityPool", &input).unwrap();
    assert_eq!(status, 200, "{answer:?}");
    text(&answer, "IdentityPoolId")
}

/// Lets the clients loose and kills the server after so many answers.
fn mint_until_killed(
    server: &mut Server,
    root: &Keys,
    pool: &str,
    round: usize,
    killed_after: u64,
) -> Told {
    let address = server.address;
    let mut told = Told::new();
    std::thread::scope(|scope| {
        let (sender, answers) = channel();
        for client in 0..CLIENTS {
            let sender = sender.clone();
            scope.spawn(move || mint(address, root, pool, &format!("{round}-{client}"), &sender));
        }
        drop(sender);
        let mut answered = 0;
        for (user, identity) in answers {
            answered += u64::from(identity.is_some());
            told.insert(user, identity);
            if answered == killed_after {
                server.kill();
            }
        }
        assert!(
            answered >= killed_after,
            "the server went before it was killed"
        );
    });
    told
}

/// One client: a new user after the other, until the server is gone.
fn mint(
    address: SocketAddr,
    root: &Keys,
    pool: &str,
    client: &str,
    told: &Sender<(String, Option<String>)>,
) {
    for number in 0_u64.. {
        let user = format!("user-{client}-{number}");
        let input = json!({"IdentityPoolId": pool, "Logins": {PROVIDER: user}});
        let operation = "GetOpenIdTokenForDeveloperIdentity";
        let Some((status, answer)) = cognito(address, root, operation, &input) else {
            told.send((user, None)).unwrap();
            return;
        };
        assert_eq!(status, 200, "{answer:?}");
        told.send((user, Some(text(&answer, "IdentityId"))))
            .unwrap();
    }
}

/// Compares what the clients were told with what the server holds now.
fn compare(address: SocketAddr, root: &Keys, pool: &str, told: &Told) {
    let mut held = BTreeMap::new();
    for (user, identity) in told {
        let found = lookup(address, root, pool, user);
        if identity.is_some() {
            assert_eq!(found, *identity, "{user} was answered for");
        }
        if let Some(found) = found {
            let other = held.insert(found.clone(), user);
            assert_eq!(other, None, "{found} stands for {user} too");
        }
    }
    // No identity beside them: none without a user, none that is a user's second.
    let held: BTreeSet<String> = held.into_keys().collect();
    assert_eq!(list(address, root, pool), held);
}

fn lookup(address: SocketAddr, root: &Keys, pool: &str, user: &str) -> Option<String> {
    let input = json!({"IdentityPoolId": pool, "DeveloperUserIdentifier": user});
    let (status, answer) = cognito(address, root, "LookupDeveloperIdentity", &input).unwrap();
    if status == 200 {
        return Some(text(&answer, "IdentityId"));
    }
    assert_eq!(
        text(&answer, "__type"),
        "ResourceNotFoundException",
        "{user}: {answer:?}"
    );
    None
}

fn list(address: SocketAddr, root: &Keys, pool: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut input = json!({"IdentityPoolId": pool, "MaxResults": 60});
    loop {
        let (status, answer) = cognito(address, root, "ListIdentities", &input).unwrap();
        assert_eq!(status, 200, "{answer:?}");
        let identities = answer
            .get("Identities")
            .and_then(Value::as_array)
            .unwrap_or_default();
        for identity in identities {
            let id = text(identity.as_object().unwrap(), "IdentityId");
            assert!(all.insert(id.clone()), "{id} is listed twice");
        }
        match answer.get("NextToken").and_then(Value::as_str) {
            Some(next) => input["NextToken"] = json!(next),
            None => return all,
        }
    }
}
