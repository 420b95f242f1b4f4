//! The rates of operations, read from their four settings.
//!
//! **Shape**: `rates` is `off`, `aws` or `custom`; the custom ones are lists of
//! `OPERATION=PER_SECOND` or `OPERATION=PER_SECOND/BURST`, such as `GetId=25/50`.
//!
//! **Source**: limits table of the reliability and security page, section 3.

use daypass_service::{Allowance, POOL_RATED, Rates, Scope, operations};

use super::layers::{Layers, Sourced, wrong};
use crate::exit::Failure;

/// More requests a second than one server answers.
const PER_SECOND_MAX: u32 = 1_000_000;

const CUSTOM: [(&str, Scope); 3] = [
    ("rates_account", Scope::Account),
    ("rates_pool", Scope::Pool),
    ("rates_address", Scope::Address),
];

/// Reads and checks all of them.
pub(super) fn rates(layers: &Layers) -> Result<Rates, Failure> {
    let mode = layers.text("rates")?.unwrap_or_else(|| Sourced {
        value: "off".to_owned(),
        source: "default".to_owned(),
    });
    let custom = custom(layers)?;
    let given = custom.1;
    match (mode.value.as_str(), given) {
        ("off", None) => Ok(Rates::off()),
        ("aws", None) => Ok(Rates::aws()),
        ("custom", Some(_)) => Ok(custom.0),
        ("custom", None) => Err(wrong(
            "rates",
            &mode.source,
            "is `custom` and needs `rates_account`, `rates_pool` or `rates_address`",
        )),
        ("off" | "aws", Some((name, source))) => Err(wrong(
            name,
            &source,
            "has no effect without `rates = \"custom\"`",
        )),
        _ => Err(wrong(
            "rates",
            &mode.source,
            "must be `off`, `aws` or `custom`",
        )),
    }
}

type Given = Option<(&'static str, String)>;

/// The custom rates, and which setting gave the first of them.
fn custom(layers: &Layers) -> Result<(Rates, Given), Failure> {
    let (mut rates, mut given) = (Rates::off(), None);
    for (name, scope) in CUSTOM {
        let Sourced { value, source } = layers.list(name)?;
        for entry in value {
            let refuse = |sentence: String| wrong(name, &source, &sentence);
            let (operation, allowance) = read(&entry, scope).map_err(refuse)?;
            if rates.of(scope, operation).is_some() {
                return Err(refuse(format!("names `{operation}` twice")));
            }
            rates = rates.with(scope, operation, allowance);
            given.get_or_insert_with(|| (name, source.clone()));
        }
    }
    Ok((rates, given))
}

fn read(entry: &str, scope: Scope) -> Result<(&'static str, Allowance), String> {
    let (name, rate) = entry.split_once('=').unwrap_or((entry, ""));
    let operation = operations().into_iter().find(|row| row.name == name);
    let operation = operation
        .ok_or_else(|| format!("must name operations of the API; `{name}` is none"))?
        .name;
    if scope == Scope::Pool && !POOL_RATED.contains(&operation) {
        return Err(format!(
            "may name `{}`; `{operation}` has no rate per pool",
            POOL_RATED.join("`, `")
        ));
    }
    let allowance = allowance(rate).ok_or_else(|| {
        format!(
            "must give a rate like `{operation}=25` or `{operation}=25/50`: requests a second and \
             at once, each from 1 to {PER_SECOND_MAX}"
        )
    })?;
    Ok((operation, allowance))
}

fn allowance(text: &str) -> Option<Allowance> {
    let (per_second, burst) = text.split_once('/').unwrap_or((text, text));
    let number = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits)?;
        (1..=PER_SECOND_MAX).contains(&number).then_some(number)
    };
    Some(Allowance::new(number(per_second)?, number(burst)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(settings: &[(&str, &str)]) -> Result<Rates, String> {
        rates(&Layers::defaults(settings)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn nothing_is_counted_unless_chosen_and_aws_is_known_by_heart() {
        assert_eq!(given(&[]), Ok(Rates::off()));
        assert_eq!(given(&[("rates", "off")]), Ok(Rates::off()));
        assert_eq!(given(&[("rates", "aws")]), Ok(Rates::aws()));
    }

    #[test]
    fn custom_rates_name_operations_with_a_rate_and_a_burst() {
        let read = given(&[
            ("rates", "custom"),
            ("rates_account", "GetId=25/50, ListBuckets=3"),
            ("rates_pool", "GetCredentialsForIdentity=1/2"),
            ("rates_address", "AssumeRoleWithWebIdentity=1000000"),
        ]);
        let of = |scope, operation| read.as_ref().unwrap().of(scope, operation);
        let (three, million) = (Allowance::new(3, 3), Allowance::new(1_000_000, 1_000_000));
        assert_eq!(of(Scope::Account, "GetId"), Some(Allowance::new(25, 50)));
        assert_eq!(of(Scope::Account, "ListBuckets"), Some(three));
        let pool = of(Scope::Pool, "GetCredentialsForIdentity");
        assert_eq!(pool, Some(Allowance::new(1, 2)));
        let address = of(Scope::Address, "AssumeRoleWithWebIdentity");
        assert_eq!(address, Some(million));
        assert_eq!(of(Scope::Pool, "GetId"), None);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_its_setting() {
        for (settings, expected) in [
            (vec![("rates", "fast")], "must be `off`, `aws` or `custom`"),
            (vec![("rates", "custom")], "needs `rates_account`"),
            (vec![("rates_pool", "GetId=1")], "has no effect without"),
            (
                vec![("rates", "aws"), ("rates_address", "GetId=1")],
                "has no effect without",
            ),
            (vec![("rates_account", "GetID=1")], "`GetID` is none"),
            (vec![("rates_account", "GetId")], "like `GetId=25`"),
            (vec![("rates_account", "GetId=0")], "from 1 to 1000000"),
            (vec![("rates_account", "GetId=1/0")], "from 1 to"),
            (vec![("rates_account", "GetId=+1")], "from 1 to"),
            (vec![("rates_account", "GetId=1000001")], "from 1 to"),
            (vec![("rates_account", "GetId=1,GetId=2")], "`GetId` twice"),
            (
                vec![("rates_pool", "ListIdentities=1")],
                "`ListIdentities` has no rate per pool",
            ),
        ] {
            let refusal = given(&settings).unwrap_err();
            assert!(refusal.contains(expected), "{refusal}");
        }
    }

    #[test]
    fn a_name_means_one_operation_and_pool_rates_name_real_ones() {
        let mut names: Vec<_> = operations().iter().map(|row| row.name).collect();
        assert!(POOL_RATED.iter().all(|name| names.contains(name)));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "two faces share a name");
    }
}
