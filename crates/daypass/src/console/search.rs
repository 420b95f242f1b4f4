//! The search in the header: one id, and the page of what has it.
//!
//! **Source**: users page, section 7 (global frame) and rows 47 and 53.

use askama::Template;

use super::frame::Frame;
use super::identities::{lookup, path_of};
use super::reply::{Page, Reply, sentence};
use super::segment;
use super::visit::Visit;
use crate::api::CallError;
use crate::api::pools::PoolRow;

/// The most users whose access keys are looked at.
const USERS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "console/search.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    hits: Vec<Hit>,
    tried: Vec<String>,
}

/// Something that has the id.
#[derive(Clone, Debug)]
struct Hit {
    kind: &'static str,
    name: String,
    detail: String,
    href: String,
}

/// What was looked for and what was found.
#[derive(Debug, Default)]
struct Search {
    hits: Vec<Hit>,
    tried: Vec<String>,
}

/// The page; the one hit itself when there is exactly one.
pub(super) async fn page(visit: &Visit) -> Page {
    let q = visit.query.trimmed("q").to_owned();
    let mut search = Search::default();
    if !q.is_empty() {
        if lookup::is_id(&q) {
            search.by_id(visit, &q).await;
        } else if is_access_key(&q) {
            search.by_access_key(visit, &q).await;
        }
        if search.hits.is_empty() {
            search.by_user(visit, &q).await;
        }
    }
    if let [only] = search.hits.as_slice()
        && !only.href.is_empty()
    {
        return Ok(Reply::see_other(&only.href));
    }
    Reply::html(&SearchPage {
        frame: visit.frame("Search", ""),
        q,
        hits: search.hits,
        tried: search.tried,
    })
}

/// Whether a text has the form of a long-term access key id.
fn is_access_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    (16..=128).contains(&text.len()) && text.starts_with("AKIA") && text.chars().all(plain)
}

impl Search {
    async fn by_id(&mut self, visit: &Visit, id: &str) {
        let api = visit.api();
        match api.pool(id).await {
            Ok(pool) => self.hits.push(Hit {
                kind: "Identity pool",
                name: pool.identity_pool_name,
                detail: id.to_owned(),
                href: format!("/console/pools/{}", segment(id)),
            }),
            Err(error) => self.tried("an identity pool with this id", &error),
        }
        match api.identity(id).await {
            Ok(identity) => {
                let pools = api.pools().await.unwrap_or_default();
                let pool = lookup::pool_of(api, id, &pools).await.unwrap_or_default();
                self.hits.push(Hit {
                    kind: "Identity",
                    name: id.to_owned(),
                    detail: if identity.logins.is_empty() {
                        "A guest".to_owned()
                    } else {
                        identity.logins.join(", ")
                    },
                    href: path_of(id, &pool.identity_pool_id),
                });
            }
            Err(error) => self.tried("an identity with this id", &error),
        }
    }

    async fn by_user(&mut self, visit: &Visit, user: &str) {
        let api = visit.api();
        let pools = match api.pools().await {
            Ok(pools) => pools,
            Err(error) => return self.tried("a developer user id, in all pools", &error),
        };
        let (found, refused) = lookup::of_user(api, user, &pools).await;
        for (pool, identity) in found {
            self.hits.push(user_hit(&pool, identity));
        }
        let asked = pools.len().min(lookup::POOLS_MAX);
        let what = format!(
            "a developer user id, exactly as written, in {}",
            counted(asked)
        );
        match refused {
            Some(error) => self.tried(&what, &error),
            None => self.tried.push(format!("Looked for {what}: nothing.")),
        }
        if pools.len() > asked {
            let left = pools.len().saturating_sub(asked);
            self.tried.push(format!(
                "{left} more pools were not asked: search in them on the identities page."
            ));
        }
    }

    async fn by_access_key(&mut self, visit: &Visit, key: &str) {
        let api = visit.api();
        if visit
            .signed_in()
            .is_some_and(|it| it.keys.access_key_id.to_string() == key)
        {
            self.hits.push(Hit {
                kind: "Access key",
                name: key.to_owned(),
                detail: "The key you are signed in with".to_owned(),
                href: "/console/settings".to_owned(),
            });
            return;
        }
        let users = match api.users().await {
            Ok(users) => users,
            Err(error) => return self.tried("an access key, of all users", &error),
        };
        for user in users.iter().take(USERS_MAX) {
            match api.access_keys(Some(user)).await {
                Ok(keys) => {
                    for row in keys.into_iter().filter(|row| row.access_key_id == key) {
                        self.hits.push(Hit {
                            kind: "Access key",
                            name: format!("{key} of user {user}"),
                            detail: row.status,
                            href: String::new(),
                        });
                    }
                }
                Err(error) => return self.tried("the access keys of every user", &error),
            }
        }
        let asked = users.len().min(USERS_MAX);
        self.tried
            .push(format!("Looked through the access keys of {asked} users."));
    }

    fn tried(&mut self, what: &str, error: &CallError) {
        let line = if error.is_absent() {
            format!("Looked for {what}: nothing.")
        } else {
            format!("Looked for {what}: {}", sentence(error))
        };
        self.tried.push(line);
    }
}

fn user_hit(pool: &PoolRow, identity: String) -> Hit {
    Hit {
        kind: "Identity",
        href: path_of(&identity, &pool.identity_pool_id),
        detail: format!("In pool {}", pool.identity_pool_name),
        name: identity,
    }
}

fn counted(pools: usize) -> String {
    match pools {
        1 => "1 pool".to_owned(),
        many => format!("{many} pools"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_is_known_by_its_form() {
        assert!(is_access_key("AKIAROOTROOTROOTROOT"));
        for other in [
            "AKIA",
            "akiarootrootrootroot",
            "ASIAROOTROOTROOTROOT",
            "AKIAROOTROOT ROOTR",
        ] {
            assert!(!is_access_key(other), "{other}");
        }
    }
}
