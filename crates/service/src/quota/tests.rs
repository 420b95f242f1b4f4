//! The rates against a clock moved by hand.

use super::*;

fn from(peer: &str, now_millis: i64) -> Circumstances {
    Circumstances {
        now: Timestamp::from_millis(now_millis),
        peer: peer.parse().unwrap(),
        secure: false,
        request_id: uuid::Uuid::nil(),
        user_agent: String::new(),
        referer: None,
    }
}

fn allowed(quota: &Quota, peer: &str, now_millis: i64, tries: usize) -> usize {
    (0..tries)
        .filter(|_| {
            quota
                .count(Rate::UnknownIdentities, &from(peer, now_millis))
                .is_ok()
        })
        .count()
}

fn off(count_loopback: bool) -> Quota {
    Quota::new(Rates::off(), count_loopback)
}

fn answered(quota: &Quota, operation: &'static str, peer: &str, tries: usize) -> usize {
    (0..tries)
        .filter(|_| quota.operation(operation, &from(peer, 0)).is_ok())
        .count()
}

#[test]
fn s71_a_burst_is_allowed_then_the_rate() {
    let quota = off(false);
    assert_eq!(allowed(&quota, "192.0.2.1", 0, 60), 50);
    assert_eq!(allowed(&quota, "192.0.2.1", 1_000, 60), 10);
    assert_eq!(allowed(&quota, "192.0.2.2", 1_000, 60), 50);
    assert_eq!(
        allowed(&quota, "192.0.2.1", 0, 1),
        0,
        "a clock that steps back refills nothing"
    );
}

#[test]
fn loopback_counts_only_on_request_and_ipv6_by_network() {
    assert_eq!(allowed(&off(false), "127.0.0.1", 0, 60), 60);
    assert_eq!(allowed(&off(true), "::ffff:127.0.0.1", 0, 60), 50);
    let quota = off(false);
    assert_eq!(allowed(&quota, "2001:db8::1", 0, 30), 30);
    assert_eq!(allowed(&quota, "2001:db8::2", 0, 30), 20);
}

#[test]
fn rates_are_off_unless_chosen() {
    let quota = off(true);
    assert_eq!(answered(&quota, "GetId", "192.0.2.1", 10_000), 10_000);
}

#[test]
fn the_rates_of_aws_count_the_account_whoever_asks() {
    let quota = Quota::new(Rates::aws(), false);
    assert_eq!(answered(&quota, "GetId", "127.0.0.1", 30), 30);
    assert_eq!(answered(&quota, "GetId", "192.0.2.1", 30), 20);
    for operation in [
        "GetOpenIdToken",
        "GetCredentialsForIdentity",
        "GetOpenIdTokenForDeveloperIdentity",
    ] {
        assert_eq!(answered(&quota, operation, "192.0.2.1", 300), 200);
    }
    assert_eq!(answered(&quota, "ListIdentities", "192.0.2.1", 300), 300);
    let refused = quota.operation("GetId", &from("192.0.2.1", 0));
    let refused = refused.unwrap_err();
    assert_eq!(refused.reason, "limit.rate");
    assert_eq!(refused.retry_after_seconds, 1);
    assert_eq!(refused.limit, "GetId per account: 25/s, at once 50");
    let later = |millis| quota.operation("GetId", &from("192.0.2.1", millis));
    assert!(later(39).is_err());
    assert!(later(40).is_ok(), "twenty-five a second are one each 40 ms");
}

#[test]
fn an_address_past_its_rate_costs_the_account_nothing() {
    let rates = Rates::off()
        .with(Scope::Address, "GetId", Allowance::new(1, 2))
        .with(Scope::Account, "GetId", Allowance::new(1, 5));
    let quota = Quota::new(rates, false);
    assert_eq!(answered(&quota, "GetId", "192.0.2.1", 100), 2);
    assert_eq!(answered(&quota, "GetId", "192.0.2.2", 100), 2);
    assert_eq!(answered(&quota, "GetId", "192.0.2.3", 100), 1);
}

#[test]
fn each_pool_has_its_own_rate() {
    let rates = Rates::off().with(Scope::Pool, "GetId", Allowance::new(1, 2));
    let quota = Quota::new(rates, false);
    let pool = |number: u8| -> IdentityPoolId {
        format!("us-east-1:00000000-0000-4000-8000-0000000000{number:02x}")
            .parse()
            .unwrap()
    };
    let now = Timestamp::from_millis(0);
    for number in [1, 2] {
        assert_eq!(quota.pool("GetId", &pool(number), now), Ok(()));
        assert_eq!(quota.pool("GetId", &pool(number), now), Ok(()));
        let refused = quota.pool("GetId", &pool(number), now).unwrap_err();
        assert_eq!(refused.limit, "GetId per pool: 1/s, at once 2");
        assert_eq!(quota.pool("UnlinkIdentity", &pool(number), now), Ok(()));
    }
}

#[test]
fn refused_signatures_count_for_the_key_from_wherever_they_come() {
    let quota = off(false);
    let tries = |key: &str, peer: String| quota.failed_signature(key, &from(&peer, 0));
    for number in 0..100 {
        assert_eq!(tries("AKIASTRANGER", format!("192.0.2.{number}")), Ok(()));
    }
    let refused = tries("AKIASTRANGER", "192.0.2.200".to_owned()).unwrap_err();
    assert_eq!(
        refused.limit,
        "refused signatures per access key: 20/s, at once 100"
    );
    assert_eq!(tries("AKIAOTHER", "192.0.2.200".to_owned()), Ok(()));
    assert_eq!(tries("", "192.0.2.201".to_owned()), Ok(()));
}
