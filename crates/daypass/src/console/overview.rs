//! `/console`: what happens on this instance, in figures and plots.
//!
//! The figures are the answer of `daypass:GetActivity`, the number of pools that of
//! `ListIdentityPools`; where one is refused, the other is still shown.
//!
//! **Source**: users page, section 7 (S3) and 7a.

use askama::Template;

use super::frame::Frame;
use super::moment::Moment;
use super::parts::Tab;
use super::plot::{self, Bars, Count, Ranked, Series, grouped};
use super::reply::{Page, Reply, sentence};
use super::visit::Visit;
use super::{ROOT, segment};
use crate::advice::{Advice, for_reason};
use crate::api::CallError;
use crate::api::deployment::{Activity, Hour};
use crate::api::pools::PoolRow;

/// The permission behind the figures.
const PERMISSION: &str = "daypass:GetActivity";

/// Pools named in the table of the busiest.
const BUSIEST_MAX: usize = 10;

/// How far back to look.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Range {
    slug: &'static str,
    label: &'static str,
    hours: u32,
    /// Hours that one bar stands for.
    bar_hours: i64,
}

const DAY: Range = Range {
    slug: "24h",
    label: "Last 24 hours",
    hours: 24,
    bar_hours: 1,
};

const WEEK: Range = Range {
    slug: "7d",
    label: "Last 7 days",
    hours: 7 * 24,
    bar_hours: 6,
};

const MONTH: Range = Range {
    slug: "30d",
    label: "Last 30 days",
    hours: 30 * 24,
    bar_hours: 24,
};

impl Range {
    fn named(slug: &str) -> Self {
        [WEEK, MONTH]
            .into_iter()
            .find(|range| range.slug == slug)
            .unwrap_or(DAY)
    }
}

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    frame: Frame,
    tabs: Vec<Tab>,
    range: Range,
    figures: Result<Figures, CallError>,
    pools: Result<usize, CallError>,
    curl: String,
}

/// The figures of a range, drawn.
struct Figures {
    tokens: String,
    credentials: String,
    refusals: String,
    this_month: String,
    quiet: bool,
    from: Moment,
    clock: Moment,
    exchanges: Bars,
    new_identities: Bars,
    by_reason: Ranked,
    by_provider: Ranked,
    reasons: Vec<Reason>,
    busiest: Vec<Busy>,
}

/// A reason that refused something, and what helps.
struct Reason {
    code: String,
    advice: Advice,
}

/// A pool in which something happened.
struct Busy {
    name: String,
    href: String,
    tokens: String,
    credentials: String,
    last: Option<Moment>,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    let range = Range::named(visit.query.get("range"));
    let api = visit.api();
    let activity = api.activity(range.hours, None).await;
    let pools = api.pools().await;
    let rows = pools.as_deref().unwrap_or_default();
    let curl = curl(visit, rows).await;
    Reply::html(&OverviewPage {
        frame: visit.frame("Overview", "overview"),
        tabs: [DAY, WEEK, MONTH].map(|one| tab(one, range)).into(),
        range,
        figures: activity.map(|activity| Figures::of(&activity, range, rows)),
        pools: pools.map(|rows| rows.len()),
        curl,
    })
}

fn tab(range: Range, current: Range) -> Tab {
    Tab {
        label: range.label.to_owned(),
        href: format!("{ROOT}?range={}", range.slug),
        current: range == current,
    }
}

/// A line that makes something happen here: a token from the first pool that can mint one.
async fn curl(visit: &Visit, rows: &[PoolRow]) -> String {
    let api = visit.api();
    if let Some(row) = rows.first()
        && let Ok(pool) = api.pool(&row.identity_pool_id).await
        && let Some(provider) = &pool.developer_provider_name
    {
        let logins = serde_json::json!({ provider: "user-17" });
        let input = serde_json::json!({"IdentityPoolId": pool.identity_pool_id, "Logins": logins});
        return call(
            visit,
            "GetOpenIdTokenForDeveloperIdentity",
            &input.to_string(),
            &format!(
                " \\\n  --aws-sigv4 \"aws:amz:{}:cognito-identity\" \
                 --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"",
                api.region()
            ),
        );
    }
    let pool = rows.first().map_or_else(
        || format!("{}:00000000-0000-0000-0000-000000000000", api.region()),
        |row| row.identity_pool_id.clone(),
    );
    let input = serde_json::json!({ "IdentityPoolId": pool }).to_string();
    call(visit, "GetId", &input, "")
}

fn call(visit: &Visit, operation: &str, body: &str, signing: &str) -> String {
    format!(
        "curl {}/{signing} \\\n  -H 'Content-Type: application/x-amz-json-1.1' \\\n  \
         -H 'X-Amz-Target: AWSCognitoIdentityService.{operation}' \\\n  -d '{body}'",
        visit.place().public_url
    )
}

impl Figures {
    fn of(activity: &Activity, range: Range, rows: &[PoolRow]) -> Self {
        let sum =
            |of: fn(&Hour) -> u64| activity.hours.iter().map(|hour| u128::from(of(hour))).sum();
        let totals: [u128; 4] = [
            sum(|hour| hour.tokens),
            sum(|hour| hour.credentials),
            sum(|hour| hour.refusals),
            sum(|hour| hour.new_identities),
        ];
        let [tokens, credentials, refusals, _] = totals;
        let bars = bars_of(&activity.hours, range);
        let labels: Vec<String> = bars.iter().map(|bar| label(bar.hour, range)).collect();
        let series =
            |name: &str, of: fn(&Hour) -> u64| Series::new(name, bars.iter().map(of).collect());
        let exchanges = [
            series("Tokens", |bar| bar.tokens),
            series("Credentials", |bar| bar.credentials),
        ];
        let new_identities = [series("New identities", |bar| bar.new_identities)];
        Self {
            tokens: grouped(tokens),
            credentials: grouped(credentials),
            refusals: grouped(refusals),
            this_month: grouped(activity.identities_this_month.into()),
            quiet: totals.iter().all(|total| *total == 0),
            from: Moment::of(activity.since, activity.now),
            clock: Moment::of(activity.now, activity.now),
            exchanges: plot::bars("Tokens and credentials", &labels, &exchanges),
            new_identities: plot::bars("New identities", &labels, &new_identities),
            by_reason: by_reason(activity),
            by_provider: by_provider(activity),
            reasons: reasons(activity),
            busiest: busiest(activity, rows),
        }
    }
}

/// The hours gathered into the bars of a range, each aligned to its own length in UTC.
fn bars_of(hours: &[Hour], range: Range) -> Vec<Hour> {
    let length = range.bar_hours.saturating_mul(3_600);
    let mut bars: Vec<Hour> = Vec::new();
    for hour in hours {
        let start = hour.hour.saturating_sub(hour.hour.rem_euclid(length));
        if bars.last().is_none_or(|bar| bar.hour != start) {
            bars.push(Hour {
                hour: start,
                ..Hour::default()
            });
        }
        if let Some(bar) = bars.last_mut() {
            bar.tokens = bar.tokens.saturating_add(hour.tokens);
            bar.credentials = bar.credentials.saturating_add(hour.credentials);
            bar.new_identities = bar.new_identities.saturating_add(hour.new_identities);
            bar.refusals = bar.refusals.saturating_add(hour.refusals);
        }
    }
    bars
}

/// What stands under a bar: its hour, or its day, or both.
fn label(seconds: i64, range: Range) -> String {
    let moment = Moment::of(seconds, seconds);
    let words = moment.words.trim_end_matches(" UTC");
    let (day, hour) = words.split_once(", ").unwrap_or((words, ""));
    let day = day.rsplit_once(' ').map_or(day, |(day, _year)| day);
    match range.bar_hours {
        1 => hour.to_owned(),
        24 => day.to_owned(),
        _ => format!("{day}, {hour}"),
    }
}

fn by_reason(activity: &Activity) -> Ranked {
    let counts = activity.refusals.iter().map(|one| Count {
        label: one.reason.clone(),
        times: one.count,
        href: format!("#reason-{}", segment(&one.reason)),
    });
    let counts: Vec<Count> = counts.collect();
    plot::ranked("Refusals by reason", "Reason", "Refusals", &counts)
}

fn by_provider(activity: &Activity) -> Ranked {
    let counts = activity.logins.iter().map(|one| Count {
        label: one.provider.clone(),
        times: one.count,
        href: String::new(),
    });
    let counts: Vec<Count> = counts.collect();
    plot::ranked("Logins by provider", "Provider", "Logins", &counts)
}

fn reasons(activity: &Activity) -> Vec<Reason> {
    let reason = |one: &crate::api::deployment::ReasonCount| Reason {
        code: one.reason.clone(),
        advice: for_reason(&one.reason),
    };
    activity.refusals.iter().map(reason).collect()
}

fn busiest(activity: &Activity, rows: &[PoolRow]) -> Vec<Busy> {
    let busy = |pool: &crate::api::deployment::PoolActivity| {
        let id = &pool.identity_pool_id;
        let row = rows.iter().find(|row| row.identity_pool_id == *id);
        Busy {
            name: row.map_or_else(|| id.clone(), |row| row.identity_pool_name.clone()),
            href: row.map_or_else(String::new, |_| format!("{ROOT}/pools/{}", segment(id))),
            tokens: grouped(pool.tokens.into()),
            credentials: grouped(pool.credentials.into()),
            last: pool.last_issued.map(|at| Moment::of(at, activity.now)),
        }
    };
    activity.pools.iter().take(BUSIEST_MAX).map(busy).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: i64, tokens: u64) -> Hour {
        Hour {
            hour,
            tokens,
            ..Hour::default()
        }
    }

    #[test]
    fn hours_are_gathered_into_whole_days_of_utc() {
        let day = 20_000 * 86_400;
        let hours: Vec<Hour> = (-2..26).map(|n| hour(day + n * 3_600, 1)).collect();
        let bars = bars_of(&hours, MONTH);
        let told: Vec<_> = bars.iter().map(|bar| (bar.hour, bar.tokens)).collect();
        assert_eq!(told, [(day - 86_400, 2), (day, 24), (day + 86_400, 2)]);
        assert_eq!(bars_of(&hours, DAY).len(), 28);
    }

    #[test]
    fn a_bar_is_named_by_what_tells_it_from_the_others() {
        assert_eq!(label(1_764_003_600, DAY), "17:00");
        assert_eq!(label(1_764_003_600, WEEK), "24 Nov, 17:00");
        assert_eq!(label(1_764_003_600, MONTH), "24 Nov");
    }

    #[test]
    fn an_unknown_range_is_the_last_day() {
        assert_eq!(Range::named("7d"), WEEK);
        assert_eq!(Range::named("999y"), DAY);
        assert_eq!(Range::named(""), DAY);
    }

    #[test]
    fn nothing_counted_is_quiet_and_a_refusal_is_not() {
        let mut activity = Activity {
            hours: vec![hour(0, 0)],
            ..Activity::default()
        };
        assert!(Figures::of(&activity, DAY, &[]).quiet);
        activity.hours = vec![Hour {
            refusals: 1,
            ..hour(0, 0)
        }];
        assert!(!Figures::of(&activity, DAY, &[]).quiet);
    }
}
