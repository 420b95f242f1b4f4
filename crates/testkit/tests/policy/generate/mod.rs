//! Random cases from a seed: small vocabularies, so that statements often match.
//!
//! Texts the documentation leaves open, or that are long enough to be slow for the oracle, are left
//! out; everything else of the grammar has its place here.

mod text;

use daypass_policy::{Context, Principal, Request};
use daypass_testkit::oracle::Texts;

use text::policy;

/// A stream of chance that a seed repeats (splitmix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A short text over an alphabet.
    fn text(&mut self, alphabet: &[char], length_max: usize) -> String {
        let length = self.below(length_max + 1);
        (0..length).map(|_| self.pick(alphabet)).collect()
    }
}

/// One question with the policies it is put to.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) principal: Principal,
    pub(crate) action: &'static str,
    pub(crate) subject: String,
    pub(crate) owner: &'static str,
    pub(crate) context: Context,
    pub(crate) identity: Vec<String>,
    pub(crate) resource: Option<String>,
    pub(crate) boundary: Option<String>,
    pub(crate) session: Option<Vec<String>>,
    pub(crate) trust: Option<String>,
}

const HOME: &str = "123456789012";
const ABROAD: &str = "210987654321";
const USER: &str = "arn:aws:iam::123456789012:user/ann";
const USER_ID: &str = "AIDAANNANNANNANNANNAN";
const ROLE: &str = "arn:aws:iam::123456789012:role/app/reader";
const ROLE_ID: &str = "AROAREADERREADERREADE";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/reader/one";
const GUEST: &str = "arn:aws:sts::123456789012:federated-user/guest";
const ROOT: &str = "arn:aws:iam::123456789012:root";
const COGNITO: &str = "cognito-identity.amazonaws.com";

impl Case {
    pub(crate) fn new(chance: &mut Chance) -> Self {
        let is_trust = chance.one_in(4);
        let principal = principal(chance, is_trust);
        let mut case = Self {
            action: if is_trust {
                chance.pick(&[
                    "sts:AssumeRole",
                    "sts:TagSession",
                    "STS:assumerolewithwebidentity",
                ])
            } else {
                chance.pick(&[
                    "s3:GetObject",
                    "S3:PUTOBJECT",
                    "s3:ListBucket",
                    "sqs:SendMessage",
                ])
            },
            subject: subject(chance, is_trust),
            owner: if chance.one_in(4) { ABROAD } else { HOME },
            context: context(chance),
            identity: (0..chance.below(3)).map(|_| policy(chance, "")).collect(),
            resource: None,
            boundary: None,
            session: None,
            trust: is_trust.then(|| policy(chance, "trust")),
            principal,
        };
        if chance.one_in(2) && !is_trust {
            case.resource = Some(policy(chance, "resource"));
        }
        if chance.one_in(4) {
            case.boundary = Some(policy(chance, ""));
        }
        if chance.one_in(3) {
            case.session = Some((0..chance.below(3)).map(|_| policy(chance, "")).collect());
        }
        case
    }

    pub(crate) fn ask<T>(&self, question: impl Fn(&Request<'_>) -> T) -> T {
        question(&Request {
            principal: &self.principal,
            action: self.action,
            resource: &self.subject,
            resource_account: self.owner,
            context: &self.context,
        })
    }

    pub(crate) fn texts(&self) -> Texts<'_> {
        Texts {
            identity: &self.identity,
            resource: self.resource.as_deref(),
            boundary: self.boundary.as_deref(),
            session: self.session.as_deref(),
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        matches!(self.principal, Principal::Root { .. })
    }

    /// The text of the policy an answer names.
    pub(crate) fn text_named(&self, name: &str) -> &str {
        let place = |text: &str| text.parse::<usize>().unwrap();
        let text = match name {
            "resource" => self.resource.as_ref(),
            "boundary" => self.boundary.as_ref(),
            "trust" => self.trust.as_ref(),
            _ => match name.strip_prefix("session") {
                Some(number) => self.session.as_ref().and_then(|it| it.get(place(number))),
                None => self.identity.get(place(name)),
            },
        };
        text.expect("the engine names policies it was given")
    }
}

fn principal(chance: &mut Chance, is_trust: bool) -> Principal {
    let text = str::to_owned;
    match chance.below(if is_trust { 6 } else { 5 }) {
        0 => Principal::Anonymous,
        1 => Principal::Root {
            account: text(HOME),
        },
        2 => Principal::User {
            account: text(HOME),
            arn: text(USER),
            id: text(USER_ID),
        },
        3 => Principal::FederatedUser {
            account: text(HOME),
            arn: text(GUEST),
            user_arn: text(USER),
        },
        5 => Principal::WebIdentity {
            provider: text(COGNITO),
        },
        _ => Principal::RoleSession {
            account: text(HOME),
            role_arn: text(ROLE),
            role_id: text(ROLE_ID),
            session_arn: text(SESSION),
        },
    }
}

fn subject(chance: &mut Chance, is_trust: bool) -> String {
    if is_trust {
        return "arn:aws:iam::123456789012:role/target".to_owned();
    }
    match chance.below(6) {
        0 => "*".to_owned(),
        1 => format!("arn:aws:s3:::{}", chance.text(&LETTERS, 5)),
        2 => "arn:aws:sqs:us-east-1:123456789012:queue".to_owned(),
        _ => chance
            .pick(&[
                "arn:aws:s3:::demo",
                "arn:aws:s3:::demo/ann/x",
                "arn:aws:s3:::demo/us-east-1:1/x",
                "arn:aws:s3:::demo/*/x",
                "arn:aws:s3:::demo2/b",
            ])
            .to_owned(),
    }
}

const LETTERS: [char; 8] = ['a', 'b', 'B', '*', '?', '/', ':', 'é'];

/// The values the keys take; listed values come from the same families.
const TEXTS: [&str; 9] = [
    "",
    "ann",
    "Ann",
    "a*",
    "us-east-1:1",
    "ΣΑ",
    "ςα",
    "x/y",
    "${k:text}",
];
const NUMBERS: [&str; 8] = [
    "0",
    "7",
    "007",
    "-7",
    "7.50",
    "7.5",
    "-0.25",
    "12345678901234567",
];
const DATES: [&str; 8] = [
    "1577836800",
    "2020-01-01",
    "2020-01",
    "2020-01-01T00:00Z",
    "2020-01-01T01:00:00+01:00",
    "2019-12-31T23:59:59Z",
    "1969-07-20T20:17:40-05:30",
    "-86400",
];
const TRUTHS: [&str; 4] = ["true", "false", "TRUE", "False"];
const ADDRESSES: [&str; 6] = [
    "192.0.2.1",
    "192.0.2.200",
    "198.51.100.7",
    "::ffff:192.0.2.1",
    "2001:db8::1",
    "2001:db8:1::1",
];
const ARNS: [&str; 5] = [
    USER,
    ROLE,
    SESSION,
    "arn:aws:s3:::demo/a:b",
    "arn:aws:s3:::d*mo",
];
const BYTES: [&str; 3] = ["YW5u", "YQ==", "eHl6"];

fn context(chance: &mut Chance) -> Context {
    let mut context = Context::new();
    for (key, values) in [
        ("k:text", &TEXTS[..]),
        ("K:Number", &NUMBERS),
        ("k:DATE", &DATES),
        ("k:truth", &TRUTHS),
        ("k:address", &ADDRESSES),
        ("k:arn", &ARNS),
        ("k:bytes", &BYTES),
        ("k:account", &[HOME, ABROAD]),
        ("aws:FederatedProvider", &[COGNITO, "accounts.google.com"]),
    ] {
        let value = |chance: &mut Chance| match chance.below(8) {
            0 => "x".to_owned(),
            1 => chance.text(&LETTERS, 4),
            _ => chance.pick(values).to_owned(),
        };
        match chance.below(6) {
            0 => {}
            1 => {
                let count = chance.below(4);
                context.set_many(key, (0..count).map(|_| value(chance)).collect());
            }
            _ => context.set(key, value(chance)),
        }
    }
    context
}
