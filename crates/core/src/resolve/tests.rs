//! Every documented rule of resolution, as `vectors/identity/` writes them down.
//!
//! A file holds a preamble that ends with a line of dashes, then cases of `name: value` lines:
//! `rule`, `source`, `given` (identities, the first the oldest), `call`, `expect`, and `then` (the
//! identities afterwards; left out where nothing changes). An identity is a letter and its state or
//! its logins.
//!
//! **Source**: contract page sections 3.2 to 3.4, 3.6 and 4.2.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use daypass_proof::login::{ProviderName, Subject};

use super::*;
use crate::identity::DeveloperUserIdentifier;

const NOW: Timestamp = Timestamp::from_seconds(1_000);
const FRESH: char = 'f';

/// Identities by their letter.
#[derive(Clone)]
struct World(BTreeMap<char, Identity>);

fn id(letter: char) -> IdentityId {
    format!("r:{}", letter.to_ascii_lowercase())
        .parse()
        .unwrap()
}

fn letter(id: &IdentityId) -> char {
    id.as_str().chars().last().unwrap().to_ascii_uppercase()
}

fn user(name: &str) -> DeveloperUserIdentifier {
    DeveloperUserIdentifier::new(name.to_owned())
}

/// `u1..u19` is nineteen names; any other text is one.
fn names(text: &str) -> Vec<String> {
    match text.split_once("..u") {
        Some((_, last)) => (1..=last.parse::<u32>().unwrap())
            .map(|n| format!("u{n}"))
            .collect(),
        None => vec![text.to_owned()],
    }
}

fn login(word: &str) -> (ProviderName, Subject) {
    let (provider, subject) = word.split_once(':').unwrap();
    let subject = Subject::stored(subject.to_owned());
    (provider.parse().unwrap(), subject)
}

fn identity(text: &str) -> Identity {
    let (name, what) = text.split_once(' ').unwrap();
    let name = name.chars().next().unwrap();
    let made = Timestamp::from_seconds(i64::from(u32::from(name)));
    let mut identity = Identity::guest(id(name), "r:0".parse().unwrap(), made);
    identity.ever_authenticated = what != "guest";
    identity.enabled = what != "disabled" && !what.starts_with("merged into ");
    identity.merged_into = what
        .strip_prefix("merged into ")
        .map(|into| id(into.chars().next().unwrap()));
    for word in what.split(' ').filter(|word| word.contains(':')) {
        if let Some(users) = word.strip_prefix("dev:") {
            let users = names(users);
            identity
                .developer_users
                .extend(users.iter().map(|name| user(name)));
        } else {
            identity.public_logins.extend([login(word)]);
        }
    }
    identity
}

impl World {
    fn of(text: &str) -> Self {
        let each = text.split("; ").filter(|text| !text.is_empty());
        let identities = each.map(identity);
        Self(identities.map(|one| (letter(&one.id), one)).collect())
    }

    /// What the records would find, each login by looking at every identity.
    fn known(&self, named: Option<char>, logins: &ShownLogins) -> Known {
        let named = named.map(|name| self.0[&name].clone());
        let mut survivor = named.clone();
        while let Some(into) = survivor.as_ref().and_then(|one| one.merged_into.clone()) {
            survivor = Some(self.0[&letter(&into)].clone());
        }
        let all = || self.0.values();
        let user = logins.developer_user();
        let has = |one: &&Identity, user: Option<&DeveloperUserIdentifier>| {
            user.is_some_and(|user| one.developer_users.contains(user))
        };
        let public = logins.public_users();
        let public = public.filter_map(|(provider, subject)| {
            all().find(|one| one.public_logins.get(provider) == Some(subject))
        });
        Known {
            developer: all().find(|one| has(one, user)).cloned(),
            public: public.cloned().collect(),
            named,
            survivor,
        }
    }

    /// Writes what a resolution says, and says it in a word.
    fn apply(
        &mut self,
        resolution: Resolution,
        logins: &ShownLogins,
        fresh: char,
        now: Timestamp,
    ) -> Result<String, ResolveError> {
        let (said, written) = match resolution {
            Resolution::Existing(one) => return Ok(format!("existing {}", letter(&one.id))),
            Resolution::Create => {
                let pool = "r:0".parse().unwrap();
                let made = create(id(fresh), pool, logins, now)?;
                ("create".to_owned(), vec![made])
            }
            Resolution::Link(one) => (format!("link {}", letter(&one.id)), vec![one]),
            Resolution::Merge { survivor, retired } => {
                let gone: Vec<String> = retired
                    .iter()
                    .map(|one| letter(&one.id).to_string())
                    .collect();
                let said = format!("merge {} into {}", gone.join(" "), letter(&survivor.id));
                (said, [retired, vec![survivor]].concat())
            }
        };
        for one in written {
            assert_eq!(one.modified, now, "a change says when");
            self.0.insert(letter(&one.id), one);
        }
        Ok(said)
    }

    fn text(&self) -> String {
        let each = self.0.values().map(|one| {
            let state = match (&one.merged_into, one.state()) {
                (Some(into), _) => format!("merged into {}", letter(into)),
                (None, State::Guest) => "guest".to_owned(),
                (None, State::Inaccessible) => "inaccessible".to_owned(),
                (None, State::Disabled) => "disabled".to_owned(),
                (None, State::Authenticated) => String::new(),
            };
            let users = one.developer_users.iter();
            let users = users.map(|user| format!("dev:{}", user.as_str()));
            let public = one.public_logins.iter();
            let public = public.map(|(provider, subject)| format!("{provider}:{subject}"));
            let state = [state].into_iter().filter(|state| !state.is_empty());
            let words: Vec<String> = state.chain(users).chain(public).collect();
            format!("{} {}", letter(&one.id), words.join(" "))
        });
        each.collect::<Vec<_>>().join("; ")
    }
}

fn refusal(error: &ResolveError) -> &'static str {
    match error {
        ResolveError::GuestsNotAllowed => "guests not allowed",
        ResolveError::LoginRequired(_) => "login required",
        ResolveError::RegisteredElsewhere { .. } => "registered elsewhere",
        ResolveError::Unusable(_) => "unusable",
        ResolveError::LoginNotShown(_) => "login not shown",
        ResolveError::TwoUsers(_) => "two users",
        ResolveError::TooManyLogins(_) => "too many logins",
    }
}

/// **Shape**: `GetId|GetOpenIdToken|developer`, the letter of an identity, logins, and `without
/// guests` for a pool that takes none.
fn ask(world: &mut World, call: &str) -> String {
    let (call, guests) = match call.strip_suffix(" without guests") {
        Some(call) => (call, false),
        None => (call, true),
    };
    let mut words = call.split(' ');
    let operation = words.next().unwrap();
    let (logins, named): (Vec<_>, Vec<_>) = words.partition(|word| word.contains(':'));
    let named = named.first().map(|name| name.chars().next().unwrap());
    let developer = logins.iter().find_map(|word| word.strip_prefix("dev:"));
    let public = logins.iter().filter(|word| !word.starts_with("dev:"));
    let logins = ShownLogins::assumed(developer.map(user), public.map(|word| login(word)));
    let known = world.known(named, &logins);
    let resolution = match operation {
        "GetId" | "GetOpenIdToken" => super::public(known, &logins, guests, NOW),
        "developer" => super::developer(known, &logins, NOW),
        other => panic!("no call {other}"),
    };
    match resolution.and_then(|answer| world.apply(answer, &logins, FRESH, NOW)) {
        Ok(said) => said,
        Err(error) => format!("refused, {}", refusal(&error)),
    }
}

fn run(case: &BTreeMap<&str, &str>, place: &str) {
    let place = format!("{place}, {}", case["rule"]);
    assert!(case.contains_key("source"), "{place}");
    let mut world = World::of(case["given"]);
    let before = world.text();
    assert_eq!(ask(&mut world, case["call"]), case["expect"], "{place}");
    let after = case
        .get("then")
        .map_or(before, |then| World::of(then).text());
    assert_eq!(world.text(), after, "{place}");
    // Asked again, the logins that were taken in mean one identity already.
    if !case["expect"].starts_with("refused") && case["call"].contains(':') {
        let again = ask(&mut world, case["call"]);
        // The backend has to drop an id that lost a merge; a public call may keep it.
        let dropped = case["call"].starts_with("developer") && again == "refused, unusable";
        assert!(
            again.starts_with("existing ") || dropped,
            "{place}: {again}"
        );
        assert_eq!(world.text(), after, "{place}");
    }
}

#[test]
fn each_documented_rule_is_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/identity");
    let mut names = std::collections::BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let place = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let (_, cases) = text.split_once("\n----\n").unwrap();
        for case in cases.trim().split("\n\n") {
            let lines = case.lines().map(|line| line.split_once(':').unwrap());
            let case: BTreeMap<&str, &str> = lines
                .map(|(name, value)| (name.trim(), value.trim()))
                .collect();
            assert!(names.insert(case["rule"].to_owned()), "twice: {case:?}");
            run(&case, &place);
        }
    }
    assert!(names.len() >= 50, "{} rules", names.len());
}

#[test]
fn s24_only_provider_and_subject_mean_an_identity() {
    let world = World::of("A google:1");
    let shown = ShownLogins::assumed(None, [login("google:2")]);
    assert!(world.known(None, &shown).public.is_empty());
    let answer = super::public(world.known(None, &shown), &shown, false, NOW);
    assert_eq!(answer, Ok(Resolution::Create));
}
