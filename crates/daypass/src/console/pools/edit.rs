//! Changing a pool. Who changes it at the same time is not overwritten unseen.
//!
//! The form carries the mark of the settings it was filled from. If they are others by the time it
//! is sent, the page says what differs, keeps what was typed, and asks which is to stand.
//!
//! **Source**: users page, section 7a and section 8 (forms: 409 shows the difference).

use askama::Template;
use daypass_proof::digest::sha256_hex;
use http::StatusCode;
use serde_json::json;

use super::around;
use super::form::PoolForm;
use crate::api::pools::IdentityPool;
use crate::api::{Api, CallError, Json};
use crate::console::frame::{Frame, Notice};
use crate::console::parts::Tab;
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;

#[derive(Template)]
#[template(path = "console/pools/edit.html")]
struct EditPage {
    frame: Frame,
    tabs: Vec<Tab>,
    href: String,
    form: PoolForm,
    version: String,
    problem: String,
    differences: Vec<Difference>,
}

/// A setting that is one thing now and another in the form.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Difference {
    label: &'static str,
    theirs: String,
    yours: String,
}

/// `/console/pools/{id}/edit`.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let pool = visit.api().pool(id).await?;
    if visit.is_post() {
        return save(visit, &pool).await;
    }
    let (form, version) = match visit.draft() {
        // The mark is the one of the settings that were looked at when it was typed.
        Some(fields) => (
            PoolForm::sent(&fields, pool.developer_provider_name.as_deref()),
            fields.get("version").to_owned(),
        ),
        None => (PoolForm::of(&pool), version(&pool)),
    };
    show(
        visit,
        &pool,
        Shown {
            form,
            version,
            ..Shown::default()
        },
    )
}

/// What the page shows beside the pool.
#[derive(Default)]
struct Shown {
    form: PoolForm,
    version: String,
    problem: String,
    differences: Vec<Difference>,
    status: StatusCode,
}

fn show(visit: &Visit, pool: &IdentityPool, shown: Shown) -> Page {
    let id = &pool.identity_pool_id;
    let page = EditPage {
        frame: around::frame(visit, pool, format!("Edit {}", pool.identity_pool_name)),
        tabs: around::tabs(id, "Edit"),
        href: around::href(id),
        form: shown.form,
        version: shown.version,
        problem: shown.problem,
        differences: shown.differences,
    };
    Reply::html_with(shown.status, &page)
}

async fn save(visit: &Visit, now: &IdentityPool) -> Page {
    let mut form = PoolForm::sent(&visit.form, now.developer_provider_name.as_deref());
    let same_tags = (form.tags == PoolForm::of(now).tags).then_some(&now.identity_pool_tags);
    let mut wanted = form.read();
    if let Some(tags) = same_tags {
        // Tags from elsewhere may hold what no line can say; left alone, they stay as they are.
        form.errors.retain(|error| error.field != "tags");
        wanted.identity_pool_tags.clone_from(tags);
    }
    wanted.identity_pool_id.clone_from(&now.identity_pool_id);
    let sent_version = visit.form.get("version").to_owned();
    if !form.errors.is_empty() {
        let shown = Shown {
            form,
            version: sent_version,
            status: StatusCode::UNPROCESSABLE_ENTITY,
            ..Shown::default()
        };
        return show(visit, now, shown);
    }
    let differences = differences(now, &wanted);
    let href = around::href(&now.identity_pool_id);
    if differences.is_empty() {
        return Ok(visit.done(&href, Notice::success("The settings are as you want them.")));
    }
    if sent_version != version(now) {
        let shown = Shown {
            form,
            version: version(now),
            differences,
            status: StatusCode::CONFLICT,
            ..Shown::default()
        };
        return show(visit, now, shown);
    }
    match update(&visit.api(), now, &wanted).await {
        Ok(()) => Ok(visit.done(&href, Notice::success("The settings are saved."))),
        Err(error) => {
            let shown = Shown {
                form,
                version: sent_version,
                problem: sentence(&error),
                status: if error.is_denied() {
                    StatusCode::FORBIDDEN
                } else {
                    StatusCode::UNPROCESSABLE_ENTITY
                },
                ..Shown::default()
            };
            show(visit, now, shown)
        }
    }
}

/// Saves the settings. Tags are sent only if they change: to send them takes more permissions.
async fn update(api: &Api<'_>, now: &IdentityPool, wanted: &IdentityPool) -> Result<(), CallError> {
    let mut input = json!(wanted);
    if let Some(members) = input.as_object_mut() {
        if wanted.identity_pool_tags == now.identity_pool_tags {
            members.remove("IdentityPoolTags");
        } else {
            members.insert(
                "IdentityPoolTags".to_owned(),
                json!(wanted.identity_pool_tags),
            );
        }
    }
    api.json::<serde_json::Value>(Json::Cognito, "UpdateIdentityPool", &input)
        .await?;
    Ok(())
}

/// The mark of a pool's settings.
fn version(pool: &IdentityPool) -> String {
    sha256_hex(json!(pool).to_string().as_bytes())
}

/// What differs between the settings that are saved and those in the form.
fn differences(now: &IdentityPool, wanted: &IdentityPool) -> Vec<Difference> {
    let (theirs, yours) = (words(now), words(wanted));
    let pairs = theirs.into_iter().zip(yours);
    let differing = pairs.filter(|((_, theirs), (_, yours))| theirs != yours);
    differing
        .map(|((label, theirs), (_, yours))| Difference {
            label,
            theirs,
            yours,
        })
        .collect()
}

/// Every setting as people read it.
fn words(pool: &IdentityPool) -> Vec<(&'static str, String)> {
    let form = PoolForm::of(pool);
    let switch = |on| if on { "on" } else { "off" }.to_owned();
    let text = |text: &str| match text {
        "" => "none".to_owned(),
        text => text.to_owned(),
    };
    let social = form.social.iter().filter(|one| !one.app.is_empty());
    let social: Vec<String> = social
        .map(|one| format!("{} {}", one.domain, one.app))
        .collect();
    vec![
        ("Name", text(&form.name)),
        ("Developer provider name", text(&form.developer)),
        ("Guests", switch(form.guests)),
        ("OpenID Connect providers", text(&form.oidc)),
        ("Cognito user pools", text(&form.user_pools)),
        ("Social providers", text(&social.join("\n"))),
        ("SAML providers", text(&form.saml)),
        ("Basic (classic) flow", switch(form.classic)),
        ("Tags", text(&form.tags)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(name: &str, guests: bool) -> IdentityPool {
        IdentityPool {
            identity_pool_name: name.into(),
            allow_unauthenticated_identities: guests,
            ..IdentityPool::default()
        }
    }

    #[test]
    fn what_differs_is_said_field_by_field() {
        let found = differences(&pool("theirs", true), &pool("yours", true));
        let name = Difference {
            label: "Name",
            theirs: "theirs".into(),
            yours: "yours".into(),
        };
        assert_eq!(found, [name]);
        assert_eq!(differences(&pool("a", true), &pool("a", true)), []);
    }

    #[test]
    fn a_pool_that_does_not_speak_of_the_classic_flow_allows_it() {
        let mut said = pool("a", true);
        said.allow_classic_flow = Some(true);
        assert_eq!(differences(&pool("a", true), &said), []);
        said.allow_classic_flow = Some(false);
        assert_eq!(differences(&pool("a", true), &said).len(), 1);
    }

    #[test]
    fn every_change_changes_the_mark() {
        let one = pool("a", false);
        let mut tagged = one.clone();
        tagged.identity_pool_tags.insert("k".into(), "v".into());
        assert_eq!(version(&one), version(&one.clone()));
        assert_ne!(version(&one), version(&tagged));
        assert_ne!(version(&one), version(&pool("a", true)));
    }
}
