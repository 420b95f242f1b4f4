//! What a token says, claim by claim, with the words and links a person needs beside each.
//!
//! The token inspector and the test exchange show it alike. Nothing here is verified: whoever shows
//! the rows says beside them whether the token is good.
//!
//! **Source**: users page, section 7 (S17); Cognito identity page, section 4.4 (`amr`).

use daypass_core::claims::{AUTHENTICATED, UNAUTHENTICATED};
use serde_json::Value;

use super::moment::Moment;
use super::{ROOT, segment};
use crate::token::{Claim, Token};

/// One claim, or one member of a claim that is a list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct ClaimRow {
    /// The claim.
    pub(crate) name: String,
    /// What it says.
    pub(crate) value: String,
    /// What that means.
    pub(crate) words: String,
    /// A page about it; empty for none.
    pub(crate) href: String,
    /// The moment that a time names.
    pub(crate) moment: Option<Moment>,
}

/// The claims of a token; a token of this instance leads to its identity and its pool.
pub(crate) fn rows(token: &Token, ours: bool, now: i64) -> Vec<ClaimRow> {
    let claims = token.claim_rows().into_iter();
    claims
        .flat_map(|claim| match claim.name.as_str() {
            "amr" => methods(token),
            _ => vec![row(token, claim, ours, now)],
        })
        .collect()
}

fn row(token: &Token, claim: Claim, ours: bool, now: i64) -> ClaimRow {
    let seconds = token.claims.get(&claim.name).and_then(Value::as_i64);
    let is_time = ["exp", "iat", "nbf"].contains(&claim.name.as_str());
    let page = match claim.name.as_str() {
        "sub" => "identities",
        "aud" => "pools",
        _ => "",
    };
    let leads_on = ours && !page.is_empty() && !claim.value.is_empty();
    ClaimRow {
        words: match claim.name.as_str() {
            "exp" => "When it ends.".to_owned(),
            "iat" => "When it was issued.".to_owned(),
            "nbf" => "From when on it is good.".to_owned(),
            _ => sentence(claim.meaning),
        },
        href: if leads_on {
            format!("{ROOT}/{page}/{}", segment(&claim.value))
        } else {
            String::new()
        },
        moment: seconds
            .filter(|_| is_time)
            .map(|seconds| Moment::of(seconds, now)),
        name: claim.name,
        value: claim.value,
    }
}

/// How the identity logged in, one row for each method.
fn methods(token: &Token) -> Vec<ClaimRow> {
    let list = token.claims.get("amr").and_then(Value::as_array);
    let pool = token.text("aud").unwrap_or_default();
    let method = |value: &Value| {
        let method = value.as_str().unwrap_or_default();
        ClaimRow {
            name: "amr".to_owned(),
            value: method.to_owned(),
            words: method_in_words(method, pool),
            ..ClaimRow::default()
        }
    };
    list.into_iter().flatten().map(method).collect()
}

fn method_in_words(method: &str, pool: &str) -> String {
    let user = method
        .split_once(&format!(":{pool}:"))
        .filter(|_| !pool.is_empty());
    match (method, user) {
        (AUTHENTICATED, _) => "The identity showed a login.".to_owned(),
        (UNAUTHENTICATED, _) => "A guest: no login was shown.".to_owned(),
        (_, Some((provider, user))) => format!("The user {user} of {provider}."),
        (provider, None) => format!("The login came through {provider}."),
    }
}

/// A clause as a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token() -> Token {
        let claims = json!({
            "sub": "r-1:0b",
            "aud": "r-1:0a",
            "amr": ["authenticated", "login.example", "login.example:r-1:0a:ada:7"],
            "iss": "http://127.0.0.1:4600",
            "exp": 1_764_007_500,
            "iat": 1_764_006_600,
        });
        Token {
            header: serde_json::Map::new(),
            claims: claims.as_object().unwrap().clone(),
        }
    }

    #[test]
    fn every_way_to_log_in_is_said_in_words() {
        let rows = rows(&token(), true, 0);
        let words: Vec<&str> = rows
            .iter()
            .filter(|row| row.name == "amr")
            .map(|row| row.words.as_str())
            .collect();
        assert_eq!(
            words,
            [
                "The identity showed a login.",
                "The login came through login.example.",
                "The user ada:7 of login.example.",
            ]
        );
    }

    #[test]
    fn only_our_own_tokens_lead_to_their_identity_and_pool() {
        let href = |ours, name: &str| {
            let rows = rows(&token(), ours, 0);
            rows.into_iter().find(|row| row.name == name).unwrap().href
        };
        assert_eq!(href(true, "sub"), "/console/identities/r-1%3A0b");
        assert_eq!(href(true, "aud"), "/console/pools/r-1%3A0a");
        assert_eq!(href(false, "sub"), "");
        assert_eq!(href(true, "iss"), "");
    }

    #[test]
    fn times_are_moments_and_nothing_else_is() {
        let rows = rows(&token(), false, 0);
        let timed: Vec<&str> = rows
            .iter()
            .filter(|row| row.moment.is_some())
            .map(|row| row.name.as_str())
            .collect();
        assert_eq!(timed, ["exp", "iat"]);
    }
}
