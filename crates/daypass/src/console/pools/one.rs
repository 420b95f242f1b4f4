//! One pool: what it is, whether it is ready, what happens in it, and where to go on.
//!
//! **Source**: users page, section 7 (S6) and section 7a.

use askama::Template;

use super::around::{self, Withheld};
use super::checklist::{self, Check, FixError};
use super::form::EXAMPLE_PROVIDER;
use super::list::counted;
use crate::api::CallError;
use crate::api::deployment::Activity;
use crate::api::pools::{IdentityPool, PoolRoles};
use crate::console::frame::{Frame, Notice};
use crate::console::moment::Moment;
use crate::console::parts::Tab;
use crate::console::plot::{self, Bars, Series, grouped};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::segment;
use crate::console::visit::Visit;
use crate::readiness::Look;
use crate::templates::{self, IdentityKind};

/// Hours that the figures tell of.
const HOURS: u32 = 24;

#[derive(Template)]
#[template(path = "console/pools/one.html")]
struct OnePage {
    frame: Frame,
    tabs: Vec<Tab>,
    href: String,
    pool: IdentityPool,
    arn: String,
    region: String,
    provider: String,
    checks: Result<Vec<Check>, Withheld>,
    gaps: usize,
    fresh: bool,
    identities: String,
    identities_href: String,
    figures: Result<Figures, Withheld>,
    providers: Vec<(&'static str, Vec<String>)>,
    roles: Vec<RoleLine>,
}

struct Figures {
    tokens: String,
    credentials: String,
    new_identities: String,
    last: Option<Moment>,
    bars: Bars,
}

struct RoleLine {
    who: &'static str,
    name: String,
    href: String,
}

/// `/console/pools/{id}`.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    if visit.is_post() {
        return fix(visit, id).await;
    }
    let api = visit.api();
    let pool = api.pool(id).await?;
    let look = Look::at(&api, id).await;
    let count = api.count_identities(id).await;
    let activity = api.activity(HOURS, Some(id)).await;
    let roles = look.as_ref().map(|look| role_lines(&look.roles));
    let place = visit.place();
    Reply::html(&OnePage {
        frame: visit
            .frame(&pool.identity_pool_name, "pools")
            .crumb("Pools", "/console/pools"),
        tabs: around::tabs(id, "Overview"),
        href: around::href(id),
        arn: templates::pool_arn(&place.region, &place.account, id),
        region: id.split(':').next().unwrap_or_default().to_owned(),
        provider: developer(&pool).to_owned(),
        gaps: look.as_ref().map_or(0, checklist::serious),
        roles: roles.unwrap_or_default(),
        checks: match &look {
            Ok(look) => Ok(checklist::checks(look)),
            Err(error) => {
                let permission = "cognito-identity:GetIdentityPoolRoles";
                Err(Withheld::new(error, permission))
            }
        },
        fresh: count.as_ref().is_ok_and(|count| count.count == 0),
        identities: counted(&count),
        identities_href: format!("/console/identities?pool={}", segment(id)),
        figures: figures(activity, id, visit.now_seconds()),
        providers: providers(&pool),
        pool,
    })
}

async fn fix(visit: &Visit, id: &str) -> Page {
    let fixed = checklist::fix(&visit.api(), id, visit.form.get("fix")).await;
    let notice = match fixed {
        Ok(done) => Notice::success(done),
        Err(FixError::Closed) => Notice::warning("There was nothing to put right any more."),
        Err(FixError::Call(error)) => Notice::error(sentence(&error)),
    };
    Ok(visit.done(&around::href(id), notice))
}

fn developer(pool: &IdentityPool) -> &str {
    let name = pool.developer_provider_name.as_deref();
    name.unwrap_or(EXAMPLE_PROVIDER)
}

fn role_lines(roles: &PoolRoles) -> Vec<RoleLine> {
    let line = |kind: IdentityKind| {
        let arn = roles.roles.get(kind.word())?;
        let name = templates::role_in(arn).unwrap_or(arn);
        Some(RoleLine {
            who: super::role_plan::who(kind),
            href: format!("/console/roles/{}", segment(name)),
            name: name.to_owned(),
        })
    };
    IdentityKind::ALL.into_iter().filter_map(line).collect()
}

/// Who else may vouch for a user, kind by kind.
fn providers(pool: &IdentityPool) -> Vec<(&'static str, Vec<String>)> {
    let user_pools = pool.cognito_identity_providers.iter();
    let social = pool.supported_login_providers.iter();
    let kinds = vec![
        ("OpenID Connect", pool.open_id_connect_provider_arns.clone()),
        (
            "Cognito user pools",
            user_pools
                .map(|one| format!("{}, client {}", one.provider_name, one.client_id))
                .collect(),
        ),
        (
            "Social",
            social
                .map(|(domain, app)| format!("{domain}, app {app}"))
                .collect(),
        ),
        ("SAML", pool.saml_provider_arns.clone()),
    ];
    let given = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    given.collect()
}

fn figures(activity: Result<Activity, CallError>, id: &str, now: i64) -> Result<Figures, Withheld> {
    let activity = activity.map_err(|error| Withheld::new(&error, "daypass:GetActivity"))?;
    let hours = &activity.hours;
    let sum = |values: Vec<u64>| grouped(values.into_iter().map(u128::from).sum());
    let tokens: Vec<u64> = hours.iter().map(|hour| hour.tokens).collect();
    let credentials: Vec<u64> = hours.iter().map(|hour| hour.credentials).collect();
    let new_identities = hours.iter().map(|hour| hour.new_identities).collect();
    let labels: Vec<String> = hours.iter().map(|hour| clock(hour.hour, now)).collect();
    let mut own = activity.pools.iter();
    let own = own.find(|pool| pool.identity_pool_id == id);
    Ok(Figures {
        tokens: sum(tokens.clone()),
        credentials: sum(credentials.clone()),
        new_identities: sum(new_identities),
        last: own
            .and_then(|pool| pool.last_issued)
            .map(|seconds| Moment::of(seconds, now)),
        bars: plot::bars(
            "Tokens and credentials by the hour",
            &labels,
            &[
                Series::new("Tokens", tokens),
                Series::new("Credentials", credentials),
            ],
        ),
    })
}

/// The time of day at which an hour began.
fn clock(seconds: i64, now: i64) -> String {
    let words = Moment::of(seconds, now).words;
    let time = words.rsplit(", ").next().unwrap_or_default();
    time.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::deployment::{Hour, PoolActivity};

    #[test]
    fn the_figures_add_up_the_hours_and_name_them() {
        let hour = |hour, tokens| Hour {
            hour,
            tokens,
            credentials: 1,
            ..Hour::default()
        };
        let activity = Activity {
            hours: vec![hour(1_764_007_200, 999), hour(1_764_010_800, 1)],
            pools: vec![PoolActivity {
                identity_pool_id: "r:1".into(),
                last_issued: Some(1_764_010_900),
                ..PoolActivity::default()
            }],
            ..Activity::default()
        };
        let figures = figures(Ok(activity), "r:1", 1_764_011_000).ok().unwrap();
        assert_eq!((&*figures.tokens, &*figures.credentials), ("1,000", "2"));
        assert!(figures.last.is_some());
        assert_eq!(clock(1_764_007_200, 0), "18:00 UTC");
    }
}
