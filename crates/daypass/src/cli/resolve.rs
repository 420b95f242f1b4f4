//! What a person means by a name: the pool, its provider, a span of time.
//!
//! **Source**: users page, section 9 (the outputs to match name a pool by its name).

use super::session::Session;
use crate::exit::{Exit, Failure};

/// The id of the pool that is meant: an id as it is, a name looked up.
///
/// **Errors**: no pool has this name, or several have it.
pub(super) async fn pool(session: &Session, named: &str) -> Result<String, Failure> {
    if named.contains(':') {
        return Ok(named.to_owned());
    }
    let pools = session.api()?.pools().await;
    let pools = pools.map_err(|error| session.trouble(&error))?;
    let mut ids = pools
        .into_iter()
        .filter(|pool| pool.identity_pool_name == named)
        .map(|pool| pool.identity_pool_id);
    let Some(id) = ids.next() else {
        let sentence = format!("there is no pool called `{named}`");
        return Err(Failure::new(Exit::NotFound, sentence)
            .hint("`daypass pool list` shows the pools there are."));
    };
    let others: Vec<String> = ids.collect();
    if others.is_empty() {
        return Ok(id);
    }
    let sentence = format!(
        "several pools are called `{named}`: {id}, {}",
        others.join(", ")
    );
    Err(Failure::usage(sentence).hint("Name the one you mean by its id."))
}

/// The developer provider name of a pool, given or looked up.
///
/// **Errors**: the pool has none, or the key may not look.
pub(super) async fn provider(
    session: &Session,
    pool: &str,
    given: Option<&str>,
) -> Result<String, Failure> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    match session.api()?.pool(pool).await {
        Ok(described) => described.developer_provider_name.ok_or_else(|| {
            Failure::usage(format!("the pool `{pool}` has no developer provider"))
                .hint("Give it one: `daypass pool update ID --developer-provider NAME`.")
        }),
        Err(error) if error.is_denied() => Err(session
            .trouble(&error)
            .hint("A key that only mints cannot look the provider up: name it with --provider.")),
        Err(error) => Err(session.trouble(&error)),
    }
}

/// A span like `900`, `90s`, `15m` or `1h`, in seconds.
pub(super) fn seconds(text: &str) -> Result<i64, String> {
    let (digits, unit) = match text.find(|c: char| !c.is_ascii_digit()) {
        Some(place) => text.split_at(place),
        None => (text, "s"),
    };
    let factor = match unit {
        "s" => Some(1_i64),
        "m" => Some(60),
        "h" => Some(3_600),
        _ => None,
    };
    let span = factor.and_then(|factor| digits.parse::<i64>().ok()?.checked_mul(factor));
    span.ok_or_else(|| "a span of time looks like 90s, 15m or 1h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_span_has_a_number_and_a_unit() {
        for (text, expected) in [("900", 900), ("90s", 90), ("15m", 900), ("24h", 86_400)] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "m", "1d", "-1s", "1.5h", "99999999999999999999s"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
