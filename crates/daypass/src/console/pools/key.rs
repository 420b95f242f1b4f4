//! A key for the backend: it mints tokens in this pool, and can do nothing else.
//!
//! The secret is on the answer of the form that made it and nowhere else afterwards.
//!
//! **Source**: users page, section 3 (the backend mints a token) and section 7 (S21).

use askama::Template;
use http::StatusCode;

use super::around;
use super::role_plan;
use crate::api::pools::IdentityPool;
use crate::api::{Api, CallError};
use crate::client::Keys;
use crate::console::frame::Frame;
use crate::console::parts::{FieldError, error_of};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;
use crate::templates;

#[derive(Template)]
#[template(path = "console/pools/key.html")]
struct KeyPage {
    frame: Frame,
    href: String,
    pool: IdentityPool,
    user: String,
    policy: String,
    /// The user is there already, and the key is wanted nevertheless.
    add: bool,
    errors: Vec<FieldError>,
    problem: String,
}

impl KeyPage {
    fn error(&self, field: &str) -> &str {
        error_of(&self.errors, field)
    }
}

#[derive(Template)]
#[template(path = "console/pools/key_made.html")]
struct MadePage {
    frame: Frame,
    href: String,
    user: String,
    access_key_id: String,
    secret: String,
    exports: String,
}

/// `/console/pools/{id}/key`.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let api = visit.api();
    let pool = api.pool(id).await?;
    let place = visit.place();
    let mut page = KeyPage {
        frame: around::frame(
            visit,
            &pool,
            format!("Backend key for {}", pool.identity_pool_name),
        ),
        href: around::href(id),
        user: user_name(&pool.identity_pool_name),
        policy: templates::minting(&place.region, &place.account, id),
        add: false,
        errors: Vec::new(),
        problem: String::new(),
        pool,
    };
    let draft = visit.draft();
    let sent = if visit.is_post() {
        Some(&visit.form)
    } else {
        draft.as_ref()
    };
    if let Some(fields) = sent {
        fields.trimmed("user").clone_into(&mut page.user);
        page.add = fields.has("add");
    }
    if visit.is_post() {
        return make(visit, page).await;
    }
    Reply::html(&page)
}

async fn make(visit: &Visit, mut page: KeyPage) -> Page {
    let api = visit.api();
    if !role_plan::is_name(&page.user) {
        let message = "A user name has 1 to 64 letters (A to Z), digits and + = , . @ - _.";
        page.wrong("user", message);
    } else if !page.add && is_there(&api, &page.user).await {
        let message = "This user is there already. Tick to give it one more key, or type \
                       another name.";
        page.wrong("add", message);
    }
    if !page.errors.is_empty() {
        return Reply::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    match create(&api, &page).await {
        Ok(keys) => show_once(visit, page, &keys),
        Err(error) => {
            page.problem = sentence(&error);
            let status = if error.is_denied() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            Reply::html_with(status, &page)
        }
    }
}

impl KeyPage {
    fn wrong(&mut self, field: &str, message: &str) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    }
}

/// Whether a user has this name; somebody who may not list users is told when it is made.
async fn is_there(api: &Api<'_>, user: &str) -> bool {
    let users = api.users().await.unwrap_or_default();
    users.iter().any(|name| name.eq_ignore_ascii_case(user))
}

/// Makes the user unless it is there, lets it mint in this pool, and gives it a key. Each pool has a
/// policy of its own, so that a user of two pools keeps both.
async fn create(api: &Api<'_>, page: &KeyPage) -> Result<Keys, CallError> {
    let there = |error: &CallError| page.add && error.is("EntityAlreadyExists");
    if let Err(error) = api.create_user(&page.user).await
        && !there(&error)
    {
        return Err(error);
    }
    let number = role_plan::number(&page.pool.identity_pool_id);
    let policy = format!("{}-{number}", templates::MINT_POLICY);
    api.put_user_policy(&page.user, &policy, &page.policy)
        .await?;
    api.create_access_key(&page.user).await
}

fn show_once(visit: &Visit, page: KeyPage, keys: &Keys) -> Page {
    let secret = keys.secret_access_key.expose().to_owned();
    let access_key_id = keys.access_key_id.to_string();
    let place = visit.place();
    let made = MadePage {
        exports: exports(&access_key_id, &secret, &place.region, &place.public_url),
        frame: page.frame,
        href: page.href,
        user: page.user,
        access_key_id,
        secret,
    };
    Reply::html(&made)
}

/// The lines that give a backend its key.
fn exports(access_key_id: &str, secret: &str, region: &str, endpoint: &str) -> String {
    format!(
        "export AWS_ACCESS_KEY_ID={access_key_id}\n\
         export AWS_SECRET_ACCESS_KEY={secret}\n\
         export AWS_REGION={region}\n\
         export AWS_ENDPOINT_URL={endpoint}\n"
    )
}

/// A name for the backend of a pool, in the letters IAM takes.
fn user_name(pool_name: &str) -> String {
    let ending = "-backend";
    let room = 64 - ending.len();
    let plain = |c: char| {
        if role_plan::is_name_char(c) { c } else { '-' }
    };
    let name: String = pool_name.chars().map(plain).take(room).collect();
    format!("{name}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_named_after_the_pool_in_the_letters_iam_takes() {
        assert_eq!(user_name("My app"), "My-app-backend");
        for pool in ["x", "a\tb", &"y".repeat(128)] {
            assert!(role_plan::is_name(&user_name(pool)), "{pool}");
        }
    }

    #[test]
    fn the_lines_to_export_hold_all_that_a_backend_needs() {
        let lines = exports("AKIA", "s/+=", "eu-1", "http://127.0.0.1:4600");
        assert_eq!(lines.lines().count(), 4);
        assert!(lines.lines().all(|line| line.starts_with("export AWS_")));
        assert!(lines.contains("\nexport AWS_SECRET_ACCESS_KEY=s/+=\n"));
    }
}
