//! Trust policies as sentences: who may use a role.
//!
//! The sentence that matters most is about guests: a role that does not ask for `amr` is open to
//! everybody who asks the pool for an identity, and nobody has to show a login for that.
//!
//! **Source**: IAM user guide, *trust policies for web identity*; requirements S59 and S60.

use std::collections::BTreeMap;

use daypass_core::COGNITO_PROVIDER;
use daypass_core::claims::{AUTHENTICATED, UNAUTHENTICATED};
use daypass_policy::{
    Condition, Context, Document, Effect, Operator, PrincipalElement, PrincipalEntry, SetPrefix,
    Statement, Version,
};

use super::{Sentence, Span, Values, condition};

const ASSUME: &str = "sts:AssumeRoleWithWebIdentity";
const TAG_SESSION: &str = "sts:TagSession";

/// The names of identity pools, by id.
pub(crate) type PoolNames = BTreeMap<String, String>;

/// A trust policy in words.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Trust {
    /// In a few words, for lists.
    pub(crate) short: String,
    /// One sentence for each statement.
    pub(crate) sentences: Vec<Sentence>,
    /// What is dangerous about it.
    pub(crate) warnings: Vec<Sentence>,
}

/// Whom a trust policy lets in.
pub(crate) fn trust(document: &Document, names: &PoolNames) -> Trust {
    let context = Context::new();
    let values = Values {
        context: &context,
        variables: document.version() == Version::V2012,
    };
    let mut told = Trust::default();
    let mut shorts: Vec<String> = Vec::new();
    for statement in document.statements() {
        let (sentence, short) = statement_words(statement, names, values);
        told.sentences.push(sentence);
        if statement.effect() == Effect::Allow && !short.is_empty() && !shorts.contains(&short) {
            shorts.push(short);
        }
        told.warnings.extend(warning(statement, names));
    }
    told.short = if shorts.is_empty() {
        "Nobody".to_owned()
    } else {
        shorts.join("; ")
    };
    told
}

fn statement_words(
    statement: &Statement,
    names: &PoolNames,
    values: Values<'_>,
) -> (Sentence, String) {
    let allows = statement.effect() == Effect::Allow;
    let assumes = |action: &str| statement.action().covers(action);
    let tags_only = !assumes(ASSUME) && !assumes("sts:AssumeRole") && assumes(TAG_SESSION);
    let (who, short, told) = who(statement, names);
    let mut sentence = who.say(match (allows, tags_only) {
        (true, false) => " may use it",
        (true, true) => " may set tags on the session, but this alone lets nobody in",
        (false, false) => " may not use it",
        (false, true) => " may not set tags on the session",
    });
    if allows && !tags_only && assumes(TAG_SESSION) {
        sentence = sentence.say(" and bring tags along");
    }
    let others: Vec<&Condition> = statement
        .conditions()
        .iter()
        .filter(|it| !told.iter().any(|key| it.tests_key(key)))
        .collect();
    if !others.is_empty() {
        sentence = sentence
            .say(", if ")
            .list(&others, " and ", |sentence, it| {
                condition::tell(sentence, it, values)
            });
    }
    let short = if tags_only { String::new() } else { short };
    (sentence.say("."), short)
}

/// Who is named, in a sentence and in short, and the condition keys that this told already.
fn who(statement: &Statement, names: &PoolNames) -> (Sentence, String, Vec<String>) {
    if is_about_pools(statement) {
        let audience = key("aud");
        let pools = equal_values(statement, &audience);
        let kind = Kind::of(statement);
        let start = Sentence::default().say(kind.people());
        let sentence = match pools.as_slice() {
            [] => start.say("any identity pool"),
            pools => start.list(pools, " or ", |sentence, pool| match names.get(pool) {
                Some(name) => sentence.say("pool ").name(name),
                None => sentence.say("pool ").name(pool),
            }),
        };
        let of: Vec<&str> = pools
            .iter()
            .map(|pool| names.get(pool).map_or(pool.as_str(), String::as_str))
            .collect();
        let of = if of.is_empty() {
            "any pool".to_owned()
        } else {
            of.join(", ")
        };
        let mut told = vec![audience];
        if kind != Kind::Unclear {
            told.push(key("amr"));
        }
        return (sentence, format!("{} of {of}", kind.short()), told);
    }
    let entries = statement.principal().map_or(&[][..], |it| it.entries());
    let sentence = Sentence::default().list(entries, " and ", entry);
    let sentence = capital(sentence);
    let short = plain(&sentence);
    (sentence, short, Vec::new())
}

/// Which identities of a pool a statement is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    LoggedIn,
    Guests,
    All,
    Unclear,
}

impl Kind {
    fn of(statement: &Statement) -> Self {
        let method = key("amr");
        let mut asked = statement.conditions_on(&method).peekable();
        if asked.peek().is_none() {
            return Self::All;
        }
        let positive = |it: &Condition| {
            it.is_positive_equality() && it.set_prefix() == Some(SetPrefix::ForAnyValue)
        };
        let values: Option<Vec<&String>> = asked
            .map(|it| positive(it).then(|| it.values().iter()))
            .collect::<Option<Vec<_>>>()
            .map(|lists| lists.into_iter().flatten().collect());
        let all = |word: &str| {
            let values = values.as_ref();
            values.is_some_and(|values| values.iter().all(|value| value.as_str() == word))
        };
        if all(AUTHENTICATED) {
            Self::LoggedIn
        } else if all(UNAUTHENTICATED) {
            Self::Guests
        } else {
            Self::Unclear
        }
    }

    fn people(self) -> &'static str {
        match self {
            Self::LoggedIn => "People who logged in to ",
            Self::Guests => "Guests of ",
            Self::All => "Anyone with an identity in ",
            Self::Unclear => "Identities of ",
        }
    }

    fn short(self) -> &'static str {
        match self {
            Self::LoggedIn => "People",
            Self::Guests => "Guests",
            Self::All => "Anyone, guests too,",
            Self::Unclear => "Some identities",
        }
    }
}

/// The danger in a statement, if there is one.
fn warning(statement: &Statement, names: &PoolNames) -> Option<Sentence> {
    if statement.effect() != Effect::Allow {
        return None;
    }
    let start = Sentence::default();
    if is_about_pools(statement) {
        if equal_values(statement, &key("aud")).is_empty() {
            let words = "Tokens of any identity pool would be let in, because ";
            return Some(
                start
                    .say(words)
                    .name(&key("aud"))
                    .say(" is not checked. Such a trust policy is refused."),
            );
        }
        if Kind::of(statement) == Kind::All {
            let (who, ..) = who(statement, names);
            return Some(
                who.say(" may use it, guests included, because ")
                    .name(&key("amr"))
                    .say(" is not checked."),
            );
        }
        return None;
    }
    let everyone = statement
        .principal()
        .is_some_and(PrincipalElement::names_everyone);
    (everyone && statement.conditions().is_empty()).then(|| {
        start.say("Everybody with an access key, of any account, may use it: it names no one.")
    })
}

/// Whether it lets tokens of identity pools in or keeps them out.
fn is_about_pools(statement: &Statement) -> bool {
    let principal = statement.principal();
    principal.is_some_and(|it| it.names_federated(COGNITO_PROVIDER))
}

/// The values that a key must be equal to, or like.
fn equal_values(statement: &Statement, key: &str) -> Vec<String> {
    let equal = statement.conditions_on(key).filter(|it| {
        it.is_positive_equality()
            && matches!(it.operator(), Operator::StringEquals | Operator::StringLike)
    });
    equal.flat_map(|it| it.values().to_vec()).collect()
}

fn key(suffix: &str) -> String {
    format!("{COGNITO_PROVIDER}:{suffix}")
}

fn entry(sentence: Sentence, entry: &PrincipalEntry) -> Sentence {
    match entry {
        PrincipalEntry::Everyone => sentence.say("everybody"),
        PrincipalEntry::Account(account) => sentence
            .say("whoever account ")
            .name(account)
            .say(" gives the right to"),
        PrincipalEntry::Arn(arn) => {
            let named = arn.split_once(":user/").map(|it| ("user ", it.1));
            let named = named.or_else(|| arn.split_once(":role/").map(|it| ("role ", it.1)));
            match named {
                Some((what, name)) => sentence.say(what).name(name),
                None => sentence.name(arn),
            }
        }
        PrincipalEntry::UniqueId(id) => sentence.say("the user or role with the id ").name(id),
        PrincipalEntry::Federated(provider) => sentence.say("people known to ").name(provider),
        PrincipalEntry::Service(service) => sentence.say("service ").name(service),
        PrincipalEntry::CanonicalUser(id) => sentence.say("canonical user ").name(id),
    }
}

/// The same with a capital at its start.
fn capital(mut sentence: Sentence) -> Sentence {
    if let Some(Span::Plain(words)) = sentence.spans.first_mut()
        && let Some(first) = words.get_mut(0..1)
    {
        first.make_ascii_uppercase();
    }
    sentence
}

/// The words without marks around names.
fn plain(sentence: &Sentence) -> String {
    sentence.to_string().replace('`', "")
}
