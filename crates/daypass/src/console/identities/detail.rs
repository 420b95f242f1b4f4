//! One identity: its logins, what it may effectively do, deleting it.
//!
//! The page needs the pool, and an identity id does not name it: the list gives it along; without,
//! the pools are asked, and where none answers, the person chooses.
//!
//! **Source**: users page, section 7 (S13), section 7a and rows 37, 47, 48 and 50.

use askama::Template;
use http::StatusCode;

use super::access::{self, Access, Person};
use super::list::seconds;
use super::{list_path, lookup, pool_choices};
use crate::api::CallError;
use crate::api::identities::Identity;
use crate::console::frame::{Frame, Notice};
use crate::console::moment::Moment;
use crate::console::parts::{Choice, FieldError, Tab};
use crate::console::reply::{Page, Reply, Trouble, sentence};
use crate::console::segment;
use crate::console::visit::Visit;
use crate::readiness::Look;
use crate::templates::IdentityKind;

/// How many of the last characters of the id are typed to delete it.
const TYPED: usize = 6;

#[derive(Template)]
#[template(path = "console/identities/detail.html")]
struct DetailPage {
    frame: Frame,
    id: String,
    typed: String,
    guest: bool,
    providers: Vec<String>,
    created: Moment,
    modified: Moment,
    pools: Vec<Choice>,
    pool: Option<InPool>,
    errors: Vec<FieldError>,
}

/// What is known with the pool.
struct InPool {
    id: String,
    name: String,
    href: String,
    users: Users,
    access: Result<Access, CallError>,
    tabs: Vec<Tab>,
}

/// The developer users of an identity.
enum Users {
    /// Each with the page on which it is unlinked.
    Known(Vec<(String, String)>),
    /// The pool has no developer provider.
    NoProvider,
    /// The caller may not ask.
    Refused(CallError),
}

/// The page.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    if visit.is_post() {
        return delete(visit, id).await;
    }
    let draft = visit.draft();
    let pool = draft
        .as_ref()
        .map_or_else(|| visit.query.trimmed("pool"), |it| it.trimmed("pool"));
    show(visit, id, pool, Vec::new()).await
}

async fn delete(visit: &Visit, id: &str) -> Page {
    let pool = visit.form.trimmed("pool");
    if visit.form.trimmed("typed") != last_of(id) {
        let error = FieldError {
            field: "typed".to_owned(),
            message: format!("Type the last {TYPED} characters of the id to delete this identity"),
        };
        return show(visit, id, pool, vec![error]).await;
    }
    let left = visit.api().delete_identities(&[id.to_owned()]).await?;
    let to = if pool.is_empty() {
        super::PATH.to_owned()
    } else {
        list_path(pool)
    };
    match left.first() {
        None => Ok(visit.done(
            &to,
            Notice::success(format!("The identity {id} is deleted.")),
        )),
        Some(left) => {
            let message = match left.error_code.as_str() {
                "AccessDenied" => "You may not delete this identity.",
                _ => "The server could not delete this identity. Try again.",
            };
            Ok(visit.done(&super::path_of(id, pool), Notice::error(message)))
        }
    }
}

/// The characters that are typed to delete an identity.
fn last_of(id: &str) -> &str {
    let from = id.len().saturating_sub(TYPED);
    id.get(from..).unwrap_or(id)
}

async fn show(visit: &Visit, id: &str, pool: &str, errors: Vec<FieldError>) -> Page {
    if !lookup::is_id(id) {
        return Err(Trouble::NotFound);
    }
    let identity = visit.api().identity(id).await?;
    let (pool, pools) = whereabouts(visit, id, pool).await;
    let pool = match pool {
        None => None,
        Some(pool) => Some(in_pool(visit, &identity, pool).await),
    };
    let now = visit.now_seconds();
    let back = pool
        .as_ref()
        .map_or_else(|| super::PATH.to_owned(), |it| list_path(&it.id));
    let page = DetailPage {
        frame: visit
            .frame("Identity", "identities")
            .crumb("Identities", back)
            .crumb(id, ""),
        id: id.to_owned(),
        typed: last_of(id).to_owned(),
        guest: identity.logins.is_empty(),
        providers: identity.logins,
        created: Moment::of(seconds(identity.creation_date), now),
        modified: Moment::of(seconds(identity.last_modified_date), now),
        pools,
        pool,
        errors,
    };
    let status = if page.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Reply::html_with(status, &page)
}

/// The pool of an identity as far as it is known, and the pools to choose from where it is not.
async fn whereabouts(visit: &Visit, id: &str, given: &str) -> (Option<String>, Vec<Choice>) {
    let api = visit.api();
    if !given.is_empty() {
        match lookup::users(api, given, id, 1).await {
            Err(error) if error.is_absent() => {}
            _ => return (Some(given.to_owned()), Vec::new()),
        }
    }
    let pools = api.pools().await.unwrap_or_default();
    match lookup::pool_of(api, id, &pools).await {
        Some(pool) => (Some(pool.identity_pool_id), Vec::new()),
        None => (None, pool_choices(&pools, "")),
    }
}

async fn in_pool(visit: &Visit, identity: &Identity, pool: String) -> InPool {
    let api = visit.api();
    let id = &identity.identity_id;
    let users = match api.users_of_identity(&pool, id).await {
        Ok(users) => Users::Known(
            users
                .into_iter()
                .map(|it| unlinkable(id, &pool, it))
                .collect(),
        ),
        Err(error) if error.is("InvalidParameterException") => Users::NoProvider,
        Err(error) => Users::Refused(error),
    };
    let look = Look::at(&api, &pool).await;
    let name = look
        .as_ref()
        .map_or_else(|_| pool.clone(), |it| it.pool.identity_pool_name.clone());
    let kind = kind(visit, identity);
    let access = match look {
        Err(error) => Err(error),
        Ok(look) => {
            let issuer = access::issuer_host(visit).await;
            let person = Person {
                identity: id,
                user: match &users {
                    Users::Known(users) => users.first().map(|(user, _)| user.as_str()),
                    _ => None,
                },
                kind,
                issuer_host: &issuer,
            };
            access::of(api, &look, &person, visit.query.trimmed("bucket")).await
        }
    };
    InPool {
        href: format!("/console/pools/{}", segment(&pool)),
        tabs: tabs(id, &pool, kind),
        name,
        users,
        access,
        id: pool,
    }
}

fn unlinkable(id: &str, pool: &str, user: String) -> (String, String) {
    let (id, pool, encoded) = (segment(id), segment(pool), segment(&user));
    let href = format!("{}/{id}/unlink?pool={pool}&user={encoded}", super::PATH);
    (user, href)
}

/// As which kind the identity is looked at: as what it is, unless the address says otherwise.
fn kind(visit: &Visit, identity: &Identity) -> IdentityKind {
    match visit.query.get("as") {
        "guest" => IdentityKind::Unauthenticated,
        "person" => IdentityKind::Authenticated,
        _ if identity.logins.is_empty() => IdentityKind::Unauthenticated,
        _ => IdentityKind::Authenticated,
    }
}

fn tabs(id: &str, pool: &str, kind: IdentityKind) -> Vec<Tab> {
    let tab = |label: &str, word: &str, of: IdentityKind| Tab {
        label: label.to_owned(),
        href: format!("{}&as={word}", super::path_of(id, pool)),
        current: kind == of,
    };
    vec![
        tab("Logged in", "person", IdentityKind::Authenticated),
        tab("As a guest", "guest", IdentityKind::Unauthenticated),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_six_characters_confirm() {
        assert_eq!(
            last_of("us-east-1:0c9f9f9c-1111-4222-8333-944445555666"),
            "555666"
        );
        assert_eq!(last_of("x"), "x");
    }

    #[test]
    fn the_way_to_unlinking_keeps_a_hostile_user_in_its_field() {
        let (user, href) = unlinkable("r:1", "r:2", "a&pool=b#<".to_owned());
        assert_eq!(user, "a&pool=b#<");
        assert_eq!(
            href,
            "/console/identities/r%3A1/unlink?pool=r%3A2&user=a%26pool%3Db%23%3C"
        );
    }
}
