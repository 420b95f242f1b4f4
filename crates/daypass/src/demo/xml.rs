//! The text of one element of an answer we made ourselves.
//!
//! The demo needs four values from the query faces; it trusts the server it has just started, so
//! this is a search and not a parser. Nothing outside the demo reads XML with it.

/// The text of the first element of this name.
pub(super) fn text(body: &[u8], name: &str) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let plain = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    Some(plain.replace("&apos;", "'").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn the_first_element_of_the_name_is_read_and_unescaped() {
        let body = b"<A><Arn>a&amp;lt;b</Arn><Arn>second</Arn></A>";
        assert_eq!(text(body, "Arn").as_deref(), Some("a&lt;b"));
        assert_eq!(text(body, "Absent"), None);
        assert_eq!(text(b"<Arn>open", "Arn"), None);
    }
}
