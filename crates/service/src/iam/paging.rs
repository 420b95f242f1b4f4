//! Pages of IAM listings: `Marker` and `MaxItems` in, `IsTruncated` and `Marker` out.
//!
//! A marker is a sealed position: the key of the last item seen. A key too long for a marker is
//! remembered by its digest.
//!
//! **Source**: contract page, IAM section 4.1; requirement S69.

use daypass_proof::digest::sha256_hex;
use daypass_wire::constraint::Integer;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::limits::PAGE_ITEMS_DEFAULT;
use super::{error, shapes};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::Permit;
use crate::page_token::Listing;

const MAX_ITEMS: Integer = Integer::range(1, 1_000);

/// The longest key kept in a marker, in bytes: sealed, it stays below the documented 320.
const KEY_BYTES_MAX: usize = 140;

/// Which page is asked for.
pub(super) struct PageInput {
    marker: Option<String>,
    items_max: usize,
}

impl PageInput {
    /// Reads `Marker` and `MaxItems`.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        let items_max = members.optional_integer("MaxItems", &MAX_ITEMS);
        Self {
            marker: members.optional_text("Marker", &shapes::MARKER),
            items_max: items_max
                .and_then(|max| usize::try_from(max).ok())
                .unwrap_or(PAGE_ITEMS_DEFAULT),
        }
    }

    /// Opens the marker as one of `listing`'s.
    ///
    /// **Errors**: `ValidationError`, `Invalid Marker.`
    pub(super) fn open<'a>(
        &self,
        env: &'a Env,
        permit: &'a Permit,
        listing: Listing<'a>,
    ) -> Result<Pages<'a>, Failure> {
        let after = match &self.marker {
            None => None,
            Some(marker) => {
                let position = listing.position(env, permit, marker);
                let place = position.as_deref().and_then(Place::read);
                Some(place.ok_or_else(error::invalid_marker)?)
            }
        };
        Ok(Pages {
            env,
            permit,
            listing,
            after,
            items_max: self.items_max,
        })
    }
}

/// Where a page begins: after the item of this key.
#[derive(Debug, Eq, PartialEq)]
enum Place {
    Key(String),
    Digest(String),
}

impl Place {
    fn of(key: String) -> Self {
        if key.len() > KEY_BYTES_MAX {
            Self::Digest(sha256_hex(key.as_bytes()))
        } else {
            Self::Key(key)
        }
    }

    fn read(position: &str) -> Option<Self> {
        match position.split_at_checked(1)? {
            ("=", key) => Some(Self::Key(key.to_owned())),
            ("#", digest) => Some(Self::Digest(digest.to_owned())),
            _ => None,
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Key(key) => format!("={key}"),
            Self::Digest(digest) => format!("#{digest}"),
        }
    }
}

/// One listing of one caller, at one of its pages.
pub(super) struct Pages<'a> {
    env: &'a Env,
    permit: &'a Permit,
    listing: Listing<'a>,
    after: Option<Place>,
    items_max: usize,
}

impl Pages<'_> {
    /// The key of the last item seen, for listings that read the store from there on.
    pub(super) fn after(&self) -> Option<&str> {
        match &self.after {
            Some(Place::Key(key)) => Some(key),
            Some(Place::Digest(_)) | None => None,
        }
    }

    /// One more item than fits the page: with that many, it is known to be cut.
    pub(super) fn wanted(&self) -> usize {
        self.items_max + 1
    }

    /// This page of a list that is there as a whole, in the order of its keys.
    pub(super) fn cut<T>(
        &self,
        items: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Listed<T>, Failure> {
        let rest = match &self.after {
            None => items,
            Some(place) => rest(items, place, &key).ok_or_else(error::invalid_marker)?,
        };
        self.close(rest, key)
    }

    /// This page of items that all stand after [`Pages::after`].
    pub(super) fn close<T>(
        &self,
        mut items: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Listed<T>, Failure> {
        let more = items.len() > self.items_max;
        items.truncate(self.items_max);
        let last = items.last().filter(|_| more);
        let marker = last
            .map(|last| {
                let position = Place::of(key(last)).written();
                self.listing.token(self.env, self.permit, &position)
            })
            .transpose()?;
        Ok(Listed { items, marker })
    }
}

/// The items after `place`; nothing if a digest names none of them any more.
fn rest<T>(mut items: Vec<T>, place: &Place, key: impl Fn(&T) -> String) -> Option<Vec<T>> {
    let from = match place {
        Place::Key(last) => items
            .iter()
            .position(|item| key(item) > *last)
            .unwrap_or(items.len()),
        Place::Digest(_) => {
            1 + items
                .iter()
                .position(|item| Place::of(key(item)) == *place)?
        }
    };
    Some(items.split_off(from))
}

/// One page of an answer.
pub(super) struct Listed<T> {
    /// The items of this page.
    pub items: Vec<T>,
    marker: Option<String>,
}

impl<T> Listed<T> {
    /// Adds what every listing ends with.
    pub(super) fn end(self, result: Element) -> Element {
        result
            .flag("IsTruncated", self.marker.is_some())
            .optional_text("Marker", self.marker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(items: &[&str], place: &Place) -> Option<Vec<String>> {
        let items = items.iter().map(|item| (*item).to_owned()).collect();
        rest(items, place, Clone::clone)
    }

    #[test]
    fn a_page_goes_on_after_the_last_key_even_if_it_is_gone() {
        let place = Place::of("b".to_owned());
        assert_eq!(after(&["a", "b", "c"], &place).unwrap(), ["c"]);
        assert_eq!(after(&["a", "c"], &place).unwrap(), ["c"]);
        assert!(after(&["a", "b"], &place).unwrap().is_empty());
    }

    #[test]
    fn a_long_key_is_found_by_its_digest_or_not_at_all() {
        let long = "k".repeat(KEY_BYTES_MAX + 1);
        let place = Place::of(long.clone());
        assert!(matches!(place, Place::Digest(_)));
        assert_eq!(after(&["a", &long, "z"], &place).unwrap(), ["z"]);
        assert_eq!(after(&["a", "z"], &place), None);
    }

    #[test]
    fn a_position_reads_back() {
        for key in ["", "a", "=x", &"é".repeat(100)] {
            let place = Place::of(key.to_owned());
            assert_eq!(Place::read(&place.written()), Some(place));
        }
        assert_eq!(Place::read(""), None);
        assert_eq!(Place::read("é"), None);
    }
}
