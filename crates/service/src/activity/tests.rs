//! What is counted, where, how much of it, and what a report makes of it.

use super::*;

const NOW: i64 = 1_767_225_600 + 1_800;
const POOL: &str = "us-east-1:a";

fn activity() -> Activity {
    Activity {
        node: "test".to_owned(),
        table: Mutex::default(),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn pairs(counts: &[(String, u64)]) -> Vec<(&str, u64)> {
    counts
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect()
}

#[test]
fn everything_is_counted_in_its_hour_and_its_pool() {
    let activity = activity();
    activity.new_identity(at(NOW), POOL);
    activity.token(at(NOW), POOL, &["login.example"]);
    activity.token(at(NOW + 10), POOL, &["login.example"]);
    activity.credentials(at(NOW + 5), POOL, &[]);
    activity.credentials(at(NOW - HOUR_SECONDS), "us-east-1:b", &[GUEST]);
    activity.refused(at(NOW), "sig.mismatch");
    let report = activity.report(at(NOW + 60), 3, None);
    let told: Vec<_> = report
        .hours
        .iter()
        .map(|hour| {
            (
                hour.tokens,
                hour.credentials,
                hour.new_identities,
                hour.refusals,
            )
        })
        .collect();
    assert_eq!(told, [(0, 0, 0, 0), (0, 1, 0, 0), (2, 1, 1, 1)]);
    assert_eq!(report.hours[0].start, hour_of(NOW) - 2 * HOUR_SECONDS);
    assert_eq!(pairs(&report.refusals), [("sig.mismatch", 1)]);
    assert_eq!(pairs(&report.logins), [("login.example", 2), ("guest", 1)]);
    let (busiest, counts) = &report.pools[0];
    assert_eq!(busiest, POOL);
    assert_eq!((counts.tokens, counts.credentials), (2, 1));
    assert_eq!(counts.last_issued, Some(NOW + 10));
    assert_eq!(report.pools.len(), 2);
}

#[test]
fn a_report_of_one_pool_has_only_what_is_counted_by_pool() {
    let activity = activity();
    activity.token(at(NOW), POOL, &["login.example"]);
    activity.new_identity(at(NOW), "us-east-1:b");
    activity.refused(at(NOW), "sig.mismatch");
    let report = activity.report(at(NOW), 1, Some(POOL));
    assert_eq!(report.hours.len(), 1);
    assert_eq!((report.hours[0].tokens, report.hours[0].refusals), (1, 0));
    assert_eq!((report.refusals.len(), report.logins.len()), (0, 0));
    assert_eq!(report.pools.len(), 1);
    assert_eq!(report.identities_this_month, 0);
    let nowhere = activity.report(at(NOW), 2, Some("us-east-1:c"));
    assert_eq!((nowhere.hours.len(), nowhere.pools.len()), (2, 0));
}

#[test]
fn the_month_is_the_calendar_month_of_utc() {
    let activity = activity();
    let month = daypass_wire::time::parse_iso8601("2026-01-01T00:00:00Z").unwrap();
    activity.new_identity(at(month - 1), POOL);
    activity.new_identity(at(month), POOL);
    let last_hour = month + 31 * 24 * HOUR_SECONDS - 1;
    activity.new_identity(at(last_hour), "us-east-1:b");
    let report = activity.report(at(last_hour), 1, None);
    assert_eq!(report.identities_this_month, 2, "the whole month is kept");
    let of_pool = activity.report(at(last_hour), 1, Some(POOL));
    assert_eq!(of_pool.identities_this_month, 1);
    let next = activity.report(at(last_hour + 1), 1, None);
    assert_eq!(next.identities_this_month, 0);
}

#[test]
fn s71_every_table_is_bounded_and_the_rest_is_counted_as_other() {
    let activity = activity();
    let more = 10;
    for number in 0..POOLS_PER_HOUR_MAX + more {
        activity.new_identity(at(NOW), &format!("us-east-1:{number:x}"));
    }
    for number in 0..PROVIDERS_PER_HOUR_MAX + more {
        activity.token(at(NOW), POOL, &[&format!("login.{number}")]);
    }
    for number in 0..REASONS_PER_HOUR_MAX + more {
        activity.refused(at(NOW), &format!("reason.{number}"));
    }
    let report = activity.report(at(NOW), 1, None);
    assert_eq!(report.pools.len(), POOLS_PER_HOUR_MAX + 1);
    assert_eq!(report.logins.len(), PROVIDERS_PER_HOUR_MAX + 1);
    assert_eq!(report.refusals.len(), REASONS_PER_HOUR_MAX + 1);
    let of_others = |counts: &[(String, u64)]| {
        let found = counts.iter().find(|(name, _)| name == OTHER);
        found.map(|(_, count)| *count)
    };
    assert_eq!(of_others(&report.logins), Some(10));
    assert_eq!(of_others(&report.refusals), Some(10));
    let others = report.pools.iter().find(|(id, _)| id == OTHER);
    assert_eq!(others.map(|(_, pool)| pool.new_identities), Some(10));
    let whole = report.hours[0].new_identities;
    assert_eq!(whole, (POOLS_PER_HOUR_MAX + more) as u64, "none is lost");
}

#[test]
fn s71_only_the_newest_hours_are_kept() {
    let activity = activity();
    let hours = i64::try_from(HOURS_KEPT).unwrap();
    for number in 0..hours + 5 {
        activity.refused(at(NOW + number * HOUR_SECONDS), "sig.mismatch");
    }
    let table = activity.lock();
    assert_eq!(table.counted.len(), HOURS_KEPT);
    let oldest = table.counted.keys().next().copied();
    assert_eq!(oldest, Some(hour_of(NOW) + 5 * HOUR_SECONDS));
}

#[test]
fn a_longest_report_fits_what_is_kept() {
    let activity = activity();
    activity.token(
        at(NOW - (HOURS_TOLD_MAX - 1) * HOUR_SECONDS),
        POOL,
        &[GUEST],
    );
    activity.token(at(NOW - HOURS_TOLD_MAX * HOUR_SECONDS), POOL, &[GUEST]);
    let report = activity.report(at(NOW), HOURS_TOLD_MAX, None);
    assert_eq!(report.hours.len(), 720);
    assert_eq!(report.hours[0].tokens, 1);
    assert_eq!(report.pools[0].1.tokens, 1, "the hour before is not told");
}
