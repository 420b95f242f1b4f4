//! Where a list stands, written into its address.
//!
//! A page token leads onward only, so the address carries the tokens of the pages before, the
//! nearest last, up to a bound; past it one goes back to the first page.
//!
//! **Source**: users page, S12 (keyset paging) and section 8 (tables).

use crate::console::fields::Fields;

/// How many pages one can go back.
const BACK_MAX: usize = 10;

/// How many rows a page has.
pub(super) const ROWS: u32 = 20;

/// Where a list stands.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Paging {
    /// The token of this page; nothing on the first.
    pub(super) at: Option<String>,
    /// The tokens of the pages before, the nearest last; the first page's is empty.
    back: Vec<String>,
    /// How many rows came before.
    pub(super) before: u64,
}

impl Paging {
    /// Reads what the address says.
    pub(super) fn read(query: &Fields) -> Self {
        let at = query.given("at").map(str::to_owned);
        let back = query
            .all("back")
            .take(BACK_MAX)
            .map(str::to_owned)
            .collect();
        let before = query.get("before").parse().unwrap_or(0);
        match at {
            Some(_) => Self { at, back, before },
            None => Self::default(),
        }
    }

    /// The address of the next page, which begins at a token.
    pub(super) fn next(&self, filters: &Fields, token: &str, shown: usize) -> String {
        let mut back = self.back.clone();
        back.push(self.at.clone().unwrap_or_default());
        let surplus = back.len().saturating_sub(BACK_MAX);
        let next = Self {
            at: Some(token.to_owned()),
            back: back.split_off(surplus),
            before: self
                .before
                .saturating_add(u64::try_from(shown).unwrap_or(0)),
        };
        next.href(filters)
    }

    /// The address of the page before; empty where it is not known.
    pub(super) fn previous(&self, filters: &Fields) -> String {
        let mut back = self.back.clone();
        let Some(token) = back.pop() else {
            return String::new();
        };
        let previous = Self {
            at: Some(token).filter(|token| !token.is_empty()),
            back,
            before: self.before.saturating_sub(u64::from(ROWS)),
        };
        previous.href(filters)
    }

    /// The address of the first page.
    pub(super) fn first(filters: &Fields) -> String {
        Self::default().href(filters)
    }

    fn href(&self, filters: &Fields) -> String {
        let mut fields = filters.clone();
        if let Some(at) = &self.at {
            fields = fields
                .with("at", at)
                .with("before", &self.before.to_string());
            for token in &self.back {
                fields = fields.with("back", token);
            }
        }
        format!("{}?{}", super::PATH, fields.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(href: &str) -> Paging {
        let (_, query) = href.split_once('?').unwrap();
        Paging::read(&Fields::parse(query.as_bytes()))
    }

    #[test]
    fn going_on_and_back_leads_to_the_same_page() {
        let filters = Fields::default().with("pool", "p");
        let first = Paging::default();
        assert_eq!(first.previous(&filters), "");
        let second = follow(&first.next(&filters, "t=1&", 20));
        assert_eq!((second.at.as_deref(), second.before), (Some("t=1&"), 20));
        let third = follow(&second.next(&filters, "t2", 20));
        assert_eq!(follow(&third.previous(&filters)), second);
        assert_eq!(follow(&second.previous(&filters)), first);
        assert_eq!(second.previous(&filters), Paging::first(&filters));
    }

    #[test]
    fn the_way_back_is_bounded_and_then_leads_to_the_first_page() {
        let filters = Fields::default();
        let mut page = Paging::default();
        for number in 0..40 {
            page = follow(&page.next(&filters, &format!("t{number}"), 20));
        }
        let mut steps = 0;
        while !page.previous(&filters).is_empty() {
            page = follow(&page.previous(&filters));
            steps += 1;
        }
        assert_eq!((steps, page.at.as_deref()), (BACK_MAX, Some("t29")));
        assert_eq!(page.before, 600);
    }
}
