//! Every parser of outside bytes, as one function each: bytes in, nothing out, no panic ever.
//!
//! The fuzz targets in `fuzz/` and the replay test run exactly these, so that what a fuzzer found
//! once stays found on a machine without one.
//!
//! **Source**: requirement S12; DESIGN §11, the row on fuzzing.

mod claims;
mod door;
mod saml;

use std::sync::LazyLock;

use daypass_core::ids::{AccountId, IdentityId, IdentityPoolId, Region};
use daypass_core::issuer::{IssuerUrl, is_public, parts_of_authority};

use daypass_policy::{
    Arn, Context, Document, DocumentKind, NamedPolicy, PolicySet, Principal, Request, evaluate,
    minified_len,
};
use daypass_proof::jwt::{Algorithm, Expectation, KeySet, claimed_issuer, verify};
use daypass_proof::login::ProviderName;
use daypass_proof::login::discovery::{is_spelling_of, key_address};
use daypass_proof::seal::{Purpose, SealingKey, SealingRing};
use daypass_proof::secret::{AccessKeyId, SecretAccessKey, SessionToken};
use daypass_proof::sigv4::{Dialect, RequestView, presented};
use daypass_wire::constraint::{Integer, ListRule, MapRule, Text};
use daypass_wire::{json, query, rest, time};

pub use claims::claims;
pub use door::front_door;
pub use saml::{saml, saml_metadata};

/// A parser under its name.
pub type Parser = (&'static str, fn(&[u8]));

/// All of them.
pub const PARSERS: &[Parser] = &[
    ("policy", policy),
    ("sigv4", sigv4),
    ("json", json_members),
    ("query", query_members),
    ("jwt", jwt),
    ("key_set", key_set),
    ("sealed", sealed),
    ("path", path),
    ("claims", claims),
    ("names", names),
    ("front_door", front_door),
    ("discovery", discovery),
    ("saml", saml),
    ("saml_metadata", saml_metadata),
];

/// Policy documents of every kind; what parses is also asked something.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let kinds = [
        DocumentKind::Identity,
        DocumentKind::Session,
        DocumentKind::Resource,
        DocumentKind::Trust,
    ];
    minified_len(text);
    for kind in kinds {
        let Ok(document) = Document::parse(text, kind) else {
            continue;
        };
        let mut context = Context::new();
        context.set("aws:username", "*");
        context.set_many(
            "cognito-identity.amazonaws.com:amr",
            vec!["authenticated".into()],
        );
        let principal = Principal::Root {
            account: "000000000000".into(),
        };
        let request = Request {
            principal: &principal,
            action: "s3:GetObject",
            resource: "arn:aws:s3:::bucket/key",
            resource_account: "000000000000",
            context: &context,
        };
        let named = [NamedPolicy {
            name: "fuzzed",
            document: &document,
        }];
        let set = PolicySet {
            identity: &named,
            resource: None,
            boundary: None,
            session: Some(&named),
        };
        let _ = evaluate(&request, &set).reason("s3:GetObject");
    }
}

/// A request: method, path, query and headers, one a line.
pub fn sigv4(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut text = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (method, path, query) = (text(), text(), text());
    let headers: Vec<(String, Vec<u8>)> = lines
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at_checked(colon)?;
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            Some((name, value.get(1..)?.to_vec()))
        })
        .collect();
    let view = RequestView {
        method: &method,
        path: &path,
        query: &query,
        headers: &headers,
    };
    for dialect in [Dialect::Json, Dialect::Query, Dialect::S3] {
        let _ = presented(&view, dialect);
    }
}

const TEXT: Text = Text::length(1, 64);
const LIST: ListRule = ListRule {
    min: 0,
    max: 8,
    item: TEXT,
};
const MAP: MapRule = MapRule {
    max_entries: 8,
    key: TEXT,
    value: TEXT,
    sensitive: true,
};
const NUMBER: Integer = Integer::range(1, 60);

/// A JSON body, read as every kind of member.
pub fn json_members(bytes: &[u8]) {
    let Ok(value) = json::read(bytes) else { return };
    let Some(object) = value.as_object() else {
        return;
    };
    for (name, _) in object.iter() {
        let mut members = json::Members::new(object);
        members.optional_text(name, &TEXT);
        members.optional_flag(name);
        members.optional_integer(name, &NUMBER);
        members.optional_map(name, &MAP);
        members.optional_list(name, &LIST);
        if let Err(rejection) = members.finish() {
            let _ = rejection.to_string();
        }
    }
}

/// A form: query and body, split at the first line end.
pub fn query_members(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let query = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let Ok(parameters) = query::read(&query, parts.next().unwrap_or_default()) else {
        return;
    };
    let mut members = query::Members::new(&parameters);
    members.optional_text("RoleArn", &TEXT);
    members.optional_integer("DurationSeconds", &NUMBER);
    members.texts("TransitiveTagKeys", &LIST);
    members.structures("Tags", |tag| tag.required_text("Key", &TEXT));
    if let Err(rejection) = members.finish() {
        let _ = rejection.to_string();
    }
}

/// A signed token, against an empty set of keys: everything up to the signature.
pub fn jwt(bytes: &[u8]) {
    let Ok(token) = std::str::from_utf8(bytes) else {
        return;
    };
    let expectation = Expectation {
        issuer: "https://id.example",
        algorithms: &[Algorithm::Rs512],
        leeway_seconds: 0,
        max_lifetime: Some(86_400),
    };
    let _ = claimed_issuer(token);
    let _ = verify(token, &KeySet::new(Vec::new()), &expectation, 1_700_000_000);
}

/// What an issuer publishes about itself.
///
/// # Panics
///
/// If its keys are looked for at another host.
pub fn discovery(bytes: &[u8]) {
    for (issuer, host) in [
        ("https://id.example", "id.example"),
        ("https://id.example:8443/tenant/", "id.example:8443"),
    ] {
        match key_address(bytes, issuer) {
            Ok(address) => {
                let rest = address.get("https://".len()..).unwrap_or_default();
                let asked = rest.split(['/', '?', '#', '\\']).next();
                let same = asked.is_some_and(|asked| asked.eq_ignore_ascii_case(host));
                assert!(same, "the keys of {issuer} are looked for at {address}");
            }
            Err(error) => {
                let _ = error.to_string();
            }
        }
    }
    let _ = std::str::from_utf8(bytes).map(|text| is_spelling_of(text, "https://id.example/"));
}

/// A published key set.
pub fn key_set(bytes: &[u8]) {
    let _ = KeySet::parse(bytes).map(|keys| keys.to_json());
}

/// A sealed text of every kind.
///
/// # Panics
///
/// If a text opens that nobody sealed.
pub fn sealed(bytes: &[u8]) {
    static RING: LazyLock<Option<SealingRing>> = LazyLock::new(|| {
        let key = SealingKey::from_bytes("1".parse().ok()?, &[7; 32]).ok()?;
        SealingRing::new(key, Vec::new()).ok()
    });
    let (Some(ring), Ok(text)) = (RING.as_ref(), std::str::from_utf8(bytes)) else {
        return;
    };
    for purpose in [
        Purpose::SessionToken,
        Purpose::PageToken,
        Purpose::StoredSecret,
    ] {
        assert!(
            ring.open(purpose, &["context"], text).is_err(),
            "a made-up text was opened"
        );
    }
}

/// A path, and the dates that travel in headers.
pub fn path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = rest::resource_path(text);
    let _ = rest::printable(text);
    let _ = time::parse_iso8601(text);
    let _ = time::parse_http_date(text);
}

/// The names that travel as text: ids, ARNs, keys, issuers.
pub fn names(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = text.parse::<Arn>().map(|arn| arn.to_string());
    let _ = text.parse::<AccountId>();
    let _ = text.parse::<Region>();
    let _ = text.parse::<IdentityPoolId>();
    let _ = text.parse::<IdentityId>();
    let _ = text.parse::<ProviderName>();
    let _ = text.parse::<AccessKeyId>();
    let _ = text.parse::<SecretAccessKey>();
    let _ = text.parse::<SessionToken>();
    let _ = text.parse().map(is_public);
    let _ = parts_of_authority(text);
    let private = ["127.0.0.1".to_owned()];
    let _ = IssuerUrl::parse(text, &private).map(|issuer| issuer.name().to_owned());
}
