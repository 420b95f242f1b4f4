//! `/console/pools/{id}/snippets`: code to copy, filled in for this pool.
//!
//! The address says which language and which half, so that a link leads to the very page that was
//! looked at. Nothing here is secret: snippets read the backend's keys from its environment.
//!
//! **Source**: users page, section 7 (S8) and row 5 of section 4 (the cheat sheet).

use std::str::FromStr as _;

use askama::Template;

use super::around;
use crate::api::pools::IdentityPool;
use crate::console::frame::Frame;
use crate::console::parts::Tab;
use crate::console::reply::{Page, Reply, Trouble};
use crate::console::segment;
use crate::console::visit::Visit;
use crate::readiness;
use crate::snippets::{self, Filling, Language, Side, Snippet};

/// The longest name of a bucket.
const BUCKET_CHARS_MAX: usize = 63;

#[derive(Template)]
#[template(path = "console/pools/snippets.html")]
struct SnippetsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    languages: Vec<Tab>,
    sides: Vec<Tab>,
    snippet: Snippet,
    provider: String,
    edit: String,
    test: String,
    bucket: String,
    download: String,
}

/// Which snippet is looked at, and with which bucket.
#[derive(Clone, Debug)]
struct Chosen<'a> {
    pool: &'a str,
    language: Language,
    side: Side,
    /// The bucket that the address names; empty where the pool's own is meant.
    bucket: &'a str,
}

impl Chosen<'_> {
    fn href(&self) -> String {
        let bucket = match self.bucket {
            "" => String::new(),
            name => format!("&bucket={}", segment(name)),
        };
        format!(
            "{}?lang={}&side={}{bucket}",
            around::below(self.pool, "snippets"),
            self.language.slug(),
            self.side.slug()
        )
    }

    fn languages(&self) -> Vec<Tab> {
        let tab = |(language, sides): (Language, Vec<Side>)| {
            let kept = sides.iter().find(|side| **side == self.side);
            let side = kept.or(sides.first()).copied().unwrap_or(self.side);
            Tab {
                label: language.label().to_owned(),
                href: Chosen {
                    language,
                    side,
                    ..self.clone()
                }
                .href(),
                current: language == self.language,
            }
        };
        snippets::all().map(tab).collect()
    }

    fn sides(&self) -> Vec<Tab> {
        let tab = |side: &Side| Tab {
            label: match side {
                Side::Backend => "Backend".to_owned(),
                Side::Client => "Client".to_owned(),
            },
            href: Chosen {
                side: *side,
                ..self.clone()
            }
            .href(),
            current: *side == self.side,
        };
        sides_of(self.language).iter().map(tab).collect()
    }
}

fn sides_of(language: Language) -> Vec<Side> {
    let found = snippets::all().find(|(one, _)| *one == language);
    found.map(|(_, sides)| sides).unwrap_or_default()
}

/// The page, or the file itself.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let api = visit.api();
    let pool = api.pool(id).await?;
    let query = &visit.query;
    let language = Language::from_str(query.get("lang")).unwrap_or(Language::TypeScriptV3);
    let asked = Side::from_str(query.get("side")).unwrap_or(Side::Backend);
    let sides = sides_of(language);
    let side = sides.iter().find(|side| **side == asked).or(sides.first());
    let chosen = Chosen {
        pool: id,
        language,
        side: side.copied().ok_or(Trouble::NotFound)?,
        bucket: query.trimmed("bucket"),
    };
    let bucket = match chosen.bucket {
        "" => readiness::bucket(&api, id).await,
        name => Some(name.chars().take(BUCKET_CHARS_MAX).collect()),
    };
    let filling = Filling {
        endpoint: api.endpoint(),
        region: api.region(),
        identity_pool_id: id,
        developer_provider_name: pool.developer_provider_name.as_deref(),
        bucket: bucket.as_deref(),
        guests: pool.allow_unauthenticated_identities,
    };
    let snippet = snippets::snippet(language, chosen.side, &filling).ok_or(Trouble::NotFound)?;
    if query.has("download") {
        let bytes = snippet.text.into_bytes();
        let content_type = "text/plain; charset=utf-8";
        return Ok(Reply::file(snippet.file_name, content_type, bytes));
    }
    show(visit, &pool, &chosen, snippet, bucket)
}

fn show(
    visit: &Visit,
    pool: &IdentityPool,
    chosen: &Chosen<'_>,
    snippet: Snippet,
    bucket: Option<String>,
) -> Page {
    let title = format!("Code for {}", pool.identity_pool_name);
    let frame = around::frame(visit, pool, title);
    Reply::html(&SnippetsPage {
        frame: frame.crumb("Snippets", ""),
        tabs: around::tabs(chosen.pool, "Snippets"),
        languages: chosen.languages(),
        sides: chosen.sides(),
        snippet,
        provider: pool.developer_provider_name.clone().unwrap_or_default(),
        edit: around::below(chosen.pool, "edit"),
        test: around::below(chosen.pool, "test"),
        bucket: bucket.unwrap_or_default(),
        download: format!("{}&download=1", chosen.href()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(language: Language, side: Side) -> Chosen<'static> {
        Chosen {
            pool: "r-1:0a",
            language,
            side,
            bucket: "",
        }
    }

    #[test]
    fn an_address_says_language_half_and_bucket() {
        let mut chosen = chosen(Language::Python, Side::Client);
        assert_eq!(
            chosen.href(),
            "/console/pools/r-1%3A0a/snippets?lang=python&side=client"
        );
        chosen.bucket = "a&b";
        assert!(chosen.href().ends_with("&bucket=a%26b"));
    }

    #[test]
    fn another_language_keeps_the_half_if_it_has_it() {
        let links = chosen(Language::Python, Side::Client).languages();
        let of = |label: &str| links.iter().find(|link| link.label == label).unwrap();
        assert!(of("Go").href.contains("side=client"));
        assert!(of("Terraform").href.contains("side=backend"));
        assert!(of("Python").current);
        assert_eq!(links.iter().filter(|link| link.current).count(), 1);
    }

    #[test]
    fn only_halves_that_exist_are_offered() {
        let labels = |language| -> Vec<String> {
            let sides = chosen(language, Side::Client).sides();
            sides.into_iter().map(|tab| tab.label).collect()
        };
        assert_eq!(labels(Language::Swift), ["Client"]);
        assert_eq!(labels(Language::Rust), ["Backend", "Client"]);
    }
}
