//! The policy engine against its oracle, its condition matrix and its vectors.
//!
//! **Source**: requirements S48, S50, S58 of the reliability and security page.

#![cfg(test)]

mod generate;
mod matrix;
mod vectors;

use daypass_policy::{
    Decision, Document, DocumentKind, Explanation, NamedPolicy, PolicySet, PolicyType, evaluate,
    evaluate_trust,
};
use daypass_testkit::oracle;

use generate::{Case, Chance};

const CASES: u64 = 20_000;

/// One case per seed. `DAYPASS_POLICY_SEED` replays from a seed, `DAYPASS_POLICY_CASES` says how
/// many; a failure prints the seed to start from.
#[test]
fn s58_engine_and_oracle_agree_on_random_cases() {
    let first = setting("DAYPASS_POLICY_SEED").unwrap_or(1);
    let count = setting("DAYPASS_POLICY_CASES").unwrap_or(CASES);
    println!("seeds {first} to {}", first + count - 1);
    let mut seen = [0_u64; 3];
    for seed in first..first + count {
        let case = Case::new(&mut Chance::new(seed));
        let answer = engine(&case);
        let expected = case.ask(|request| match &case.trust {
            Some(trust) => oracle::decide_trust(request, trust, &case.texts()),
            None => oracle::decide(request, &case.texts()),
        });
        assert_eq!(
            answer.decision, expected,
            "engine and oracle differ: DAYPASS_POLICY_SEED={seed}\n{case:#?}"
        );
        check_statement(&case, &answer, seed);
        seen[match answer.decision {
            Decision::Allow => 0,
            Decision::ExplicitDeny => 1,
            Decision::ImplicitDeny => 2,
        }] += 1;
    }
    // A generator that only ever denies would prove nothing.
    if count >= CASES {
        assert!(seen.iter().all(|times| *times > count / 20), "{seen:?}");
    }
}

/// The statement an answer names applies, stands in the layer it names, and has that effect.
fn check_statement(case: &Case, answer: &Explanation, seed: u64) {
    let Some(statement) = &answer.statement else {
        let silent = answer.decision == Decision::ImplicitDeny || case.is_root();
        assert!(
            silent,
            "no statement: DAYPASS_POLICY_SEED={seed}\n{case:#?}"
        );
        return;
    };
    let text = case.text_named(&statement.policy);
    let layer = match statement.policy.as_str() {
        "resource" => PolicyType::Resource,
        "trust" => PolicyType::Trust,
        "boundary" => PolicyType::Boundary,
        name if name.starts_with("session") => PolicyType::Session,
        _ => PolicyType::Identity,
    };
    let applies = case.ask(|request| oracle::applies(text, statement.index, request));
    assert!(
        applies && answer.layer == layer,
        "{answer:?} names another statement: DAYPASS_POLICY_SEED={seed}\n{case:#?}"
    );
}

fn engine(case: &Case) -> Explanation {
    let parse = |text: &String, kind| {
        Document::parse(text, kind).unwrap_or_else(|error| panic!("{error}\n{text}"))
    };
    let all = |texts: &[String], kind| -> Vec<Document> {
        texts.iter().map(|text| parse(text, kind)).collect()
    };
    let identity = all(&case.identity, DocumentKind::Identity);
    let session = case
        .session
        .as_ref()
        .map(|it| all(it, DocumentKind::Session));
    let one = |text: &Option<String>, kind| text.as_ref().map(|it| parse(it, kind));
    let boundary = one(&case.boundary, DocumentKind::Identity);
    let resource = one(&case.resource, DocumentKind::Resource);
    let trust = one(&case.trust, DocumentKind::Trust);

    let names: Vec<String> = (0..8).map(|place| place.to_string()).collect();
    let identity: Vec<NamedPolicy<'_>> = names.iter().zip(&identity).map(named).collect();
    let session_names: Vec<String> = (0..8).map(|place| format!("session{place}")).collect();
    let session = session.as_ref().map(|documents| {
        let policies = session_names.iter().zip(documents).map(named);
        policies.collect::<Vec<_>>()
    });
    let policy = |name, document| NamedPolicy { name, document };
    let policies = PolicySet {
        identity: &identity,
        resource: resource.as_ref().map(|it| policy("resource", it)),
        boundary: boundary.as_ref().map(|it| policy("boundary", it)),
        session: session.as_deref(),
    };
    case.ask(|request| match &trust {
        Some(trust) => evaluate_trust(request, policy("trust", trust), &policies),
        None => evaluate(request, &policies),
    })
}

fn named<'a>((name, document): (&'a String, &'a Document)) -> NamedPolicy<'a> {
    NamedPolicy { name, document }
}

/// A number from the environment, for replaying and for long runs.
fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a failing seed is replayed by hand"
    )]
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a seed or a count is a number"))
}

/// A text of the repository, by its path in it.
fn repository(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}
